package provider

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const tineyeEndpoint = "https://api.tineye.com/rest/"

// Limits on a search. There is one page of results: a further one would be a
// further search to be paid for, about matches worse than the hundred best.
const (
	tineyeResults   = 100
	tineyeBacklinks = 10       // addresses of one match
	tineyeFullScore = 90       // from this score on a match is a full one
	tineyeBytes     = 10 << 20 // of one picture
)

// tineye is TinEye's API, version 3 (https://services.tineye.com/developers/tineyeapi).
type tineye struct {
	caller
	key      TinEyeKey
	endpoint string
}

func newTinEye(o Options) *tineye {
	k := o.Keys.TinEye
	endpoint := strings.TrimSuffix(cmp.Or(k.Endpoint, tineyeEndpoint), "/") + "/"
	return &tineye{newCaller(tineyeName, endpoint, o, k.Key), k, endpoint}
}

func (t *tineye) Terms() Terms {
	return Terms{Name: tineyeName, Units: 1, Batch: 1, ImageBytes: tineyeBytes,
		Formats:   []string{"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff", "image/webp"},
		PerMinute: 30, Timeout: time.Minute, Host: t.host}
}

// tineyeBody is around every answer. Its code counts as well as that of HTTP.
type tineyeBody struct {
	Code     int             `json:"code"`
	Messages []string        `json:"messages"` // sort of error, text
	Results  json.RawMessage `json:"results"`  // [] beside an error
}

type tineyeMatches struct {
	Matches *[]struct {
		Score     float64  `json:"score"`
		Tags      []string `json:"tags"`
		Backlinks []struct {
			URL      string `json:"url"`      // of the image
			Backlink string `json:"backlink"` // of the page
			Crawled  string `json:"crawl_date"`
		} `json:"backlinks"`
	} `json:"matches"`
}

func (t *tineye) Ask(ctx context.Context, images []Image) ([]Answer, error) {
	return oneByOne(images, func(image Image) (Answer, error) {
		r, err := t.search(image)
		if err != nil {
			return Answer{}, err
		}
		got, err := t.send(ctx, r)
		if err != nil {
			return Answer{}, err
		}
		return t.read(got)
	})
}

// search is the request for one image, as a form with a file.
func (t *tineye) search(image Image) (*http.Request, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", `form-data; name="image_upload"; filename="image"`)
	head.Set("Content-Type", cmp.Or(image.MIME, "application/octet-stream"))
	part, err := w.CreatePart(head)
	if err == nil {
		_, err = part.Write(image.Bytes)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, t.fault(ErrPicture, "", "", fmt.Errorf("writing the form: %w", err))
	}
	r, err := t.request(http.MethodPost, "search/", &form, url.Values{
		"offset": {"0"}, "limit": {strconv.Itoa(tineyeResults)}, "backlink_limit": {strconv.Itoa(tineyeBacklinks)},
		"sort": {"score"}, "order": {"desc"},
	})
	if err == nil {
		r.Header.Set("Content-Type", w.FormDataContentType())
	}
	return r, err
}

// request is one of TinEye's methods; body may be empty.
func (t *tineye) request(verb, method string, body *bytes.Buffer, query url.Values) (*http.Request, error) {
	address := t.endpoint + method
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequest(verb, address, body)
	if err != nil {
		return nil, t.fault(ErrKey, "the endpoint in the operator's settings is no address", "Mend it", nil)
	}
	r.Header.Set("x-api-key", string(t.key.Key))
	r.Header.Set("Accept", "application/json")
	return r, nil
}

func (t *tineye) read(got reply) (Answer, error) {
	results, err := t.results(got)
	if err != nil {
		return Answer{}, err
	}
	var found tineyeMatches
	if err := json.Unmarshal(results, &found); err != nil || found.Matches == nil {
		return Answer{}, t.unreadable(got, "its results have another form")
	}
	return Answer{Matches: tidy(found.list(), tineyeName, t.now())}, nil
}

// results are those of a success, whatever the method.
func (t *tineye) results(got reply) (json.RawMessage, error) {
	var said tineyeBody
	wrong := json.Unmarshal(got.body, &said)
	if got.status/100 == 2 && wrong == nil && said.Code != 0 {
		got.status = said.Code
	}
	if e := t.judge(got, strings.Join(said.Messages, ": ")); e != nil {
		if slices.Contains(said.Messages, "NO_SIGNATURE_ERROR") {
			e.Kind, e.Next = ErrPicture, "It is too small or too plain to be looked for; other services are asked"
		}
		return nil, e
	}
	if wrong != nil || got.cut != nil {
		return nil, t.unreadable(got, "it is no whole JSON of the known form")
	}
	return said.Results, nil
}

// list is one match for each address where TinEye saw the image.
func (r tineyeMatches) list() []Match {
	var found []Match
	for _, m := range *r.Matches {
		kind := Partial
		if m.Score >= tineyeFullScore {
			kind = Full
		}
		for _, b := range m.Backlinks {
			found = append(found, Match{URL: b.URL, Page: b.Backlink, Percent: int(math.Round(m.Score)), Kind: kind,
				Crawled: day(b.Crawled), Stock: slices.Contains(m.Tags, "stock")})
		}
	}
	return found
}

// day reads the day of 2016-03-24 or of a longer time that begins so; zero for anything else.
func day(written string) time.Time {
	d, err := time.Parse(time.DateOnly, written[:min(len(written), len(time.DateOnly))])
	if err != nil {
		return time.Time{}
	}
	return d
}

// Remaining asks how many searches are left of those that were bought; asking costs nothing.
func (t *tineye) Remaining(ctx context.Context) (int, error) {
	r, err := t.request(http.MethodGet, "remaining_searches/", &bytes.Buffer{}, nil)
	if err != nil {
		return 0, err
	}
	got, err := t.send(ctx, r)
	if err != nil {
		return 0, err
	}
	results, err := t.results(got)
	if err != nil {
		return 0, err
	}
	var left struct {
		Total *int `json:"total_remaining_searches"`
	}
	if err := json.Unmarshal(results, &left); err != nil || left.Total == nil {
		return 0, t.unreadable(got, "it does not say how many searches are left")
	}
	return *left.Total, nil
}
