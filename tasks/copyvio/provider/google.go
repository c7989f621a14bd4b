package provider

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

const googleEndpoint = "https://vision.googleapis.com/v1/images:annotate"

// Limits of Cloud Vision (https://cloud.google.com/vision/quotas): 16 images
// and 10 MB of JSON in a request. Images grow by a third in base64.
const (
	googleBatch  = 16
	googleBytes  = 7_400_000
	googleWanted = 50 // results of each sort for an image
)

// google is Cloud Vision's web detection and SafeSearch
// (https://cloud.google.com/vision/docs/reference/rest/v1/images/annotate).
type google struct {
	caller
	key      GoogleKey
	endpoint string
}

func newGoogle(o Options) *google {
	k := o.Keys.Google
	endpoint := cmp.Or(k.Endpoint, googleEndpoint)
	return &google{newCaller(googleName, endpoint, o, k.Key, k.Token), k, endpoint}
}

func (g *google) Terms() Terms {
	units := 2
	if g.key.NoSafety {
		units = 1
	}
	return Terms{Name: googleName, Units: units, Batch: googleBatch, BatchBytes: googleBytes, ImageBytes: googleBytes,
		PerMinute: 600, Timeout: time.Minute, Host: g.host}
}

type googleRequests struct {
	Requests []googleRequest `json:"requests"`
}

type googleRequest struct {
	Image struct {
		Content []byte `json:"content"`
	} `json:"image"`
	Features []googleFeature `json:"features"`
}

type googleFeature struct {
	Type       string `json:"type"`
	MaxResults int    `json:"maxResults,omitempty"`
}

// googleResponse is what is said of one image. Empty lists are left out, and
// what is there is right even beside an error.
type googleResponse struct {
	Web *struct {
		Full    []googleImage `json:"fullMatchingImages"`
		Partial []googleImage `json:"partialMatchingImages"`
		Pages   []struct {
			URL     string        `json:"url"`
			Title   string        `json:"pageTitle"`
			Full    []googleImage `json:"fullMatchingImages"`
			Partial []googleImage `json:"partialMatchingImages"`
		} `json:"pagesWithMatchingImages"`
	} `json:"webDetection"`
	Safety *googleSafety `json:"safeSearchAnnotation"`
	Error  *googleStatus `json:"error"`
}

type googleImage struct {
	URL string `json:"url"`
}

type googleSafety struct{ Adult, Spoof, Medical, Violence, Racy string }

// googleStatus is the error of a whole call or of one image
// (https://cloud.google.com/apis/design/errors).
type googleStatus struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Status  string `json:"status"`
	Details []struct {
		Reason string `json:"reason"`
	} `json:"details"`
}

func (g *google) Ask(ctx context.Context, images []Image) ([]Answer, error) {
	r, err := postJSON(g.endpoint, g.request(images))
	if err != nil {
		err = g.fault(ErrKey, "", "Mend it", err)
		return failAll(images, err), err
	}
	if g.key.Key != "" {
		r.Header.Set("X-Goog-Api-Key", string(g.key.Key))
	} else {
		r.Header.Set("Authorization", "Bearer "+string(g.key.Token))
	}
	got, err := g.send(ctx, r)
	if err != nil {
		return failAll(images, err), err
	}
	return g.read(got, images)
}

func (g *google) request(images []Image) googleRequests {
	features := []googleFeature{{Type: "WEB_DETECTION", MaxResults: googleWanted}}
	if !g.key.NoSafety {
		features = append(features, googleFeature{Type: "SAFE_SEARCH_DETECTION"})
	}
	all := googleRequests{Requests: make([]googleRequest, len(images))}
	for i, image := range images {
		all.Requests[i].Image.Content = image.Bytes
		all.Requests[i].Features = features
	}
	return all
}

// read makes answers of what came back. Of an answer that was cut short those
// images are answered whose response had arrived.
func (g *google) read(got reply, images []Image) ([]Answer, error) {
	if err := g.refusal(got); err != nil {
		return failAll(images, err), err
	}
	responses, err := elements(got.body, "responses")
	broken := err != nil || got.cut != nil
	if len(responses) > len(images) || !broken && len(responses) < len(images) {
		err := g.unreadable(got, fmt.Sprintf("%d responses for %d images", len(responses), len(images)))
		return failAll(images, err), err
	}
	answers := make([]Answer, len(images))
	for i, response := range responses {
		answers[i] = g.answer(got, images[i], response)
	}
	if len(responses) == len(images) {
		return answers, nil
	}
	lost := g.unreadable(got, "it is no whole JSON")
	copy(answers[len(responses):], failAll(images[len(responses):], lost))
	return answers, lost
}

// answer is what one response says about its image.
func (g *google) answer(got reply, image Image, response json.RawMessage) Answer {
	var said googleResponse
	if err := json.Unmarshal(response, &said); err != nil || !bytes.HasPrefix(response, []byte("{")) {
		return Answer{SHA1: image.SHA1, Err: g.unreadable(got, "a response has another form")}
	}
	a := Answer{SHA1: image.SHA1, Safety: said.Safety.rating()}
	switch {
	case said.Web != nil:
		a.Matches = tidy(said.matches(), googleName, g.now())
	case said.Error != nil:
		a.Err = g.imageFault(*said.Error)
	}
	return a
}

// imageFault explains the error of one image by its code
// (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto).
func (g *google) imageFault(s googleStatus) error {
	detail := fmt.Sprintf("code %d: %s", s.Code, g.words(s.Message))
	switch s.Code {
	case 3, 5, 9, 11, 12: // invalid argument, not found, failed precondition, out of range, unimplemented
		return g.fault(ErrPicture, detail, "Other services are asked about this picture", nil)
	}
	return g.fault(ErrLater, detail, "The bot asks for this image again later", nil)
}

// refusal explains an answer without responses; nil where there may be some.
func (g *google) refusal(got reply) error {
	var said struct {
		Error googleStatus `json:"error"`
	}
	_ = json.Unmarshal(got.body, &said) // what is no JSON says nothing
	e := g.judge(got, said.Error.Message)
	if e == nil {
		return nil
	}
	for _, d := range said.Error.Details {
		switch {
		case strings.HasPrefix(d.Reason, "API_KEY_") || d.Reason == "SERVICE_DISABLED":
			e.Kind, e.Next = ErrKey, "Look at the key in the operator's settings, and whether its project has the Cloud Vision API enabled"
		case strings.HasPrefix(d.Reason, "BILLING_"):
			e.Kind, e.Next = ErrBilling, "See to the billing of the project in Google's console"
		}
	}
	return e
}

// matches are what web detection found. Images that are only alike, under
// visuallySimilarImages, are no evidence.
func (r googleResponse) matches() []Match {
	var found []Match
	add := func(images []googleImage, page, title string, percent int, kind Kind) {
		for _, image := range images {
			found = append(found, Match{URL: image.URL, Page: page, PageTitle: title, Percent: percent, Kind: kind})
		}
	}
	for _, p := range r.Web.Pages {
		add(p.Full, p.URL, p.Title, fullPercent, Full)
		add(p.Partial, p.URL, p.Title, partialPercent, Partial)
		if len(p.Full)+len(p.Partial) == 0 {
			found = append(found, Match{URL: p.URL, Page: p.URL, PageTitle: p.Title, Percent: pagePercent, Kind: Page})
		}
	}
	add(r.Web.Full, "", "", fullPercent, Full)
	add(r.Web.Partial, "", "", partialPercent, Partial)
	return found
}

// rating turns Google's words into numbers; an unknown word is 0.
func (s *googleSafety) rating() *Safety {
	if s == nil {
		return nil
	}
	degree := map[string]int{"VERY_UNLIKELY": 1, "UNLIKELY": 2, "POSSIBLE": 3, "LIKELY": 4, "VERY_LIKELY": 5}
	return &Safety{degree[s.Adult], degree[s.Spoof], degree[s.Medical], degree[s.Violence], degree[s.Racy]}
}
