package provenance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"filewarden/bot"
	"filewarden/bot/sandbox"
)

// emitter is a wiki that has a REST API and provenance parameters besides.
type emitter struct {
	http.Handler
	asked []string
}

func (e *emitter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const thumb = "//thumb.wikimedia.org/wikipedia/commons/thumb/a/a9/Example.jpg/330px-Example.jpg?utm_source=en.wikipedia.org&utm_campaign=%s&utm_content=thumbnail"
	e.asked = append(e.asked, r.URL.Path)
	switch {
	case strings.HasSuffix(r.URL.Path, "/rest.php/v1/search/page"):
		fmt.Fprintf(w, `{"pages": [{"title": "A", "thumbnail": null}, {"thumbnail": {"url": %q}}]}`, fmt.Sprintf(thumb, "rest"))
	case strings.HasPrefix(r.URL.Path, "/api/rest_v1/"):
		http.Error(w, `{"type": "not found"}`, http.StatusNotFound)
	case strings.HasPrefix(r.URL.Query().Get("title"), "Special:Redirect/file/") && r.URL.Query().Get("width") != "":
		http.Redirect(w, r, "https:"+fmt.Sprintf(thumb, "index"), http.StatusMovedPermanently)
	case strings.HasPrefix(r.URL.Query().Get("title"), "Special:Redirect/file/"):
		http.Redirect(w, r, "https://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg", http.StatusFound)
	default:
		e.Handler.ServeHTTP(w, r)
	}
}

// withPicture has a file, and a page that shows it.
func withPicture(t *testing.T) (*world, *emitter) {
	t.Helper()
	e := &emitter{}
	w := newWorldBehind(t, live, sandbox.Options{}, func(h http.Handler) http.Handler { e.Handler = h; return e })
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 600, 400))); err != nil {
		t.Fatal(err)
	}
	w.wiki.Upload("Alice", "File:Example.png", append(b.Bytes(), make([]byte, 30_000)...), "")
	w.wiki.Edit("Alice", "Sparrow", "[[File:Example.png|thumb]]", "")
	return w, e
}

func TestTheProbeTellsHostParametersAndWidth(t *testing.T) {
	w, e := withPicture(t)
	w.pass()
	w.has("Provenance", "What this wiki emits", "Tried with [[:File:Example.png|File:Example.png]]",
		"| Search in the REST API\n| thumb.wikimedia.org\n| en.wikipedia.org · rest · thumbnail\n| 330 px, a standard width",
		"| Page summary\n| \n| not offered",
		"| Special:Redirect/file\n| upload.wikimedia.org\n| none\n| original",
		"| Special:Redirect/file with width=300\n| thumb.wikimedia.org\n| en.wikipedia.org · index · thumbnail")
	e.asked = nil
	w.pass()
	for _, path := range e.asked {
		if !strings.HasSuffix(path, "api.php") {
			t.Errorf("asked for %s within the week", path)
		}
	}
}

func TestAWikiWithoutPicturesIsNotProbed(t *testing.T) {
	w := newWorld(t, live)
	w.pass()
	w.lacks("Provenance", "What this wiki emits")
}

func TestTheProbeAsACommand(t *testing.T) {
	w, _ := withPicture(t)
	w.env() // reads the config
	var out bytes.Buffer
	console := &bot.Console{Ctx: t.Context(), Out: &out, Err: &out, Env: func(task string, work func(*bot.Env) error) error {
		env, err := w.bot.Env(task)
		if err != nil {
			return err
		}
		return work(env)
	}}
	if err := (URLProbe{File: "Example.png", Format: "json"}).Run(console); err != nil {
		t.Fatal(err)
	}
	var got probed
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.File != "File:Example.png" || len(got.Ways) != 10 {
		t.Errorf("%v: %s", err, out.String())
	}
	out.Reset()
	if err := (URLProbe{Format: "text"}).Run(console); err != nil || !strings.Contains(out.String(), "not offered") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestThumbURLsAreAskedOfWikisThatMayHaveThem(t *testing.T) {
	for generator, want := range map[string]bool{"MediaWiki 1.43.9": false, "MediaWiki 1.46.0-wmf.19": false, "MediaWiki 1.47.0-alpha": true,
		"MediaWiki 1.50": true, "MediaWiki 2.0": true, "Other": true} {
		if got := hasThumbURLs(generator); got != want {
			t.Errorf("%s: %v", generator, got)
		}
	}
}

func TestAnAddressIsTakenApartForTheTable(t *testing.T) {
	for address, want := range map[string]string{
		"": "absent",
		"https://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg?utm_source=en.wikipedia.org&utm_campaign=imageinfo&utm_content=original": "upload.wikimedia.org en.wikipedia.org imageinfo original 0",
		"https://thumb.wikimedia.org/wikipedia/commons/thumb/a/a9/Example.jpg/330px-Example.jpg":                                                  "thumb.wikimedia.org    330 step",
		"http://wiki.example/images/thumb/a/a9/Example.png/300px-Example.png?_=1":                                                                 "wiki.example    300 off",
	} {
		row := (emitted{Way: wayInfo, URL: address}).described()
		got := "absent"
		if row.Offered {
			got = fmt.Sprintf("%s %s %s %s %d", row.Host, row.Source, row.Campaign, row.Content, row.Width)
		}
		if row.Step {
			got += " step"
		}
		if row.OffStep {
			got += " off"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", address, got, want)
		}
	}
}
