package providertest

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Scenario is what becomes of an image, or of the request that it is in.
type Scenario string

// What services find.
const (
	None         Scenario = "none"         // nothing
	FullAndPages Scenario = "full+pages"   // whole copies, a crop, and pages with HTML in their titles
	PartialOnly  Scenario = "partial-only" // a crop
	MirrorOnly   Scenario = "wiki-mirror"  // copies on Wikimedia and on a mirror of it
	Unsafe       Scenario = "unsafe"       // a whole copy; SafeSearch says racy: VERY_LIKELY
	Stock        Scenario = "stock-tag"    // a whole copy, at a seller of stock photos
	ImageError   Scenario = "image-error"  // trouble with this image; where a service cannot say so, with the request
	BadImage     Scenario = "bad-image"    // this image cannot be looked for
	BusyThenOK   Scenario = "429-then-ok"  // the first request with an image gets 429 with Retry-After: 30
	KeyRefused   Scenario = "401"          // as if the key were wrong
	NoFunds      Scenario = "402"          // nothing is left of what was paid
	Broken       Scenario = "500"          // the service fails
	Truncated    Scenario = "truncated"    // 200, and the JSON ends after two thirds; billed
	CutOff       Scenario = "cut-off"      // as Truncated, and the connection breaks there; billed
	Lost         Scenario = "lost"         // the connection breaks instead of an answer; billed
	WebPage      Scenario = "html"         // 200 with a page for people
	Slow         Scenario = "slow"         // the answer takes Options.Slow; billed
)

// Scenarios are all of them.
func Scenarios() []Scenario {
	return []Scenario{None, FullAndPages, PartialOnly, MirrorOnly, Unsafe, Stock, ImageError, BadImage, BusyThenOK,
		KeyRefused, NoFunds, Broken, Truncated, CutOff, Lost, WebPage, Slow}
}

// finding is a place where an image is found, apart from any service's words.
type finding struct {
	image, page, title string
	full               bool
	score              float64
	stock              bool
	crawled            any // a day, "" or nil
}

// findings of a scenario are different for each image, and always the same for one.
func findings(scene Scenario, sum string) []finding {
	id := sum[:min(8, len(sum))]
	photo := finding{"http://Photos.example.net:80/" + id + "/full.jpg#top", "https://photos.example.net/" + id,
		"<b>Harbour</b> at dawn &amp; more", true, 97.4, false, "2016-03-24"}
	shrunk := finding{"https://blog.example.org/" + id + "-640.jpg", "https://blog.example.org/2019/" + id, "A blog", true, 92.1, false, ""}
	crop := finding{"https://shop.example.com/i?id=" + id + "&crop=1", "https://shop.example.com/p/" + id, "A shop", false, 41.8, false, nil}
	switch scene {
	case None, ImageError, BadImage, KeyRefused, NoFunds, Broken, WebPage:
		return nil
	case PartialOnly:
		return []finding{crop}
	case MirrorOnly:
		return []finding{
			{"https://upload.wikimedia.org/wikipedia/commons/1/1a/" + id + ".jpg", "https://commons.wikimedia.org/wiki/File:" + id + ".jpg", "File", true, 99, false, "2012-01-01"},
			{"https://wikimirror.example/" + id + ".jpg", "https://wikimirror.example/" + id, "Mirror", true, 98, false, ""}}
	case Unsafe:
		return []finding{photo}
	case Stock:
		photo.image, photo.page, photo.stock = "https://stock.example.com/"+id+".jpg", "https://stock.example.com/buy/"+id, true
		return []finding{photo}
	}
	return []finding{photo, shrunk, crop}
}

// voice is how one service says things.
type voice interface {
	// body is an answer about images, parallel to their scenarios.
	body(sums []string, scenes []Scenario) any
	// refusal is the status and the body of a request that is refused.
	refusal(scene Scenario) (status int, body any)
}

// units of an image, for a request that asks for units of it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, service string, sums []string, units int, v voice) {
	scenes := s.arrived(service, sums)
	whole := ofRequest(scenes, service)
	switch whole {
	case BusyThenOK:
		if s.firstTime(service, sums) {
			w.Header().Set("Retry-After", "30")
			refuse(w, v, whole)
			return
		}
	case KeyRefused, NoFunds, Broken, ImageError, BadImage:
		refuse(w, v, whole)
		return
	case WebPage:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Sign in</title><p>Accept the terms of this network to go on."))
		return
	}
	s.bill(service, sums, scenes, units)
	text, err := json.Marshal(v.body(sums, scenes))
	if err != nil {
		panic(err) // what is said is made here
	}
	s.deliver(w, r, whole, text)
}

// ofRequest is the scenario that decides about a whole request; where a service
// has no words for a fault of one image, that does too.
func ofRequest(scenes []Scenario, service string) Scenario {
	of := []Scenario{BusyThenOK, KeyRefused, NoFunds, Broken, Truncated, CutOff, Lost, WebPage, Slow}
	if service == TinEye || service == Yandex {
		of = append(of, ImageError, BadImage)
	}
	for _, scene := range of {
		if slices.Contains(scenes, scene) {
			return scene
		}
	}
	return None
}

// deliver sends an answer that is paid for, as far as it arrives.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, scene Scenario, text []byte) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	part := text[:len(text)*2/3]
	switch scene {
	case Slow:
		s.hold(r)
	case Lost:
		panic(http.ErrAbortHandler)
	case Truncated:
		text = part
	case CutOff:
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		_, _ = w.Write(part)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(text)
}

// hold keeps a request waiting until its client loses patience, or for so long.
func (s *Server) hold(r *http.Request) {
	enough := time.After(s.o.Slow)
	told := s.held
	for {
		select {
		case told <- struct{}{}:
			told = nil
		case <-enough:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func refuse(w http.ResponseWriter, v voice, scene Scenario) {
	status, body := v.refusal(scene)
	write(w, status, body)
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // to a client that may be gone
}

// sumOf is the name of an image in the ledger.
func sumOf(content []byte) string {
	sum := sha1.Sum(content)
	return hex.EncodeToString(sum[:])
}

// object and list are JSON without types.
type (
	object = map[string]any
	list   = []any
)
