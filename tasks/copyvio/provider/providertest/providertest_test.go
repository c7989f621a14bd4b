package providertest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// asked is a request to a server and its answer.
func (s *Server) asked(verb, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(verb, target, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Serve().ServeHTTP(w, r)
	return w
}

func googleBody(images int, content string) string {
	one := fmt.Sprintf(`{"image":{"content":"%s","source":{"imageUri":"https://a.example/"}},"features":[{"type":"WEB_DETECTION"}]}`,
		base64.StdEncoding.EncodeToString([]byte(content)))
	return `{"requests":[` + strings.Repeat(one+",", images-1) + one + `]}`
}

func TestGoogleRefusesWhatTheRealOneRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		body, key string
		want      int
	}{
		"sixteen images":   {googleBody(16, "x"), GoogleKey, 200},
		"seventeen images": {googleBody(17, "x"), GoogleKey, 400},
		"more than 10 MB":  {googleBody(1, strings.Repeat("x", 8<<20)), GoogleKey, 400},
		"no features":      {`{"requests":[{"image":{"content":"eA=="}}]}`, GoogleKey, 400},
		"no image":         {`{"requests":[{"features":[{"type":"WEB_DETECTION"}]}]}`, GoogleKey, 400},
		"no request":       {`{}`, GoogleKey, 400},
		"an object":        {`{"requests":{}}`, GoogleKey, 400},
		"no key":           {googleBody(1, "x"), "", 401},
	} {
		s := New(Options{})
		if got := s.asked("POST", "/v1/images:annotate", c.body, "X-Goog-Api-Key", c.key); got.Code != c.want {
			t.Errorf("%s: HTTP %d, want %d: %s", name, got.Code, c.want, got.Body)
		}
		if refused := c.want != 200; refused != (len(s.Faults()) > 0) || refused != (len(s.Billed(Google)) == 0) {
			t.Errorf("%s: faults %v, billed %v", name, s.Faults(), s.Billed(Google))
		}
	}
}

func TestContentBeatsTheAddressAndResponsesKeepTheirOrder(t *testing.T) {
	s := New(Options{Scenes: map[string]Scenario{sumOf([]byte("x")): PartialOnly, sumOf([]byte("https://a.example/")): BadImage, sumOf([]byte("y")): ImageError}})
	body := strings.Replace(googleBody(2, "x"), "eA==", "eQ==", 1)
	got := s.asked("POST", "/v1/projects/p/locations/eu/images:annotate", body, "Authorization", "Bearer "+GoogleKey).Body.String()
	at, partial := strings.Index(got, `"code":14`), strings.Index(got, "partialMatchingImages")
	if at < 0 || partial < at || strings.Contains(got, "Bad image") {
		t.Errorf("the answer is %s", got)
	}
}

func TestAKeyInAnAddressIsAFault(t *testing.T) {
	s := New(Options{})
	s.asked("POST", "/v1/images:annotate?key=x", googleBody(1, "x"), "X-Goog-Api-Key", GoogleKey)
	if got := s.asked("GET", "/rest/search/?api_key=x&image_url=y", "", "x-api-key", TinEyeKey); got.Code != 401 {
		t.Errorf("tineye answers %d to a key in the address", got.Code)
	}
	if n := len(s.Faults()); n != 2 {
		t.Errorf("%d faults, want 2: %v", n, s.Faults())
	}
}

// upload asks TinEye about a picture of that size.
func upload(s *Server, side int, query string) *httptest.ResponseRecorder {
	var form, content bytes.Buffer
	if err := png.Encode(&content, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		panic(err)
	}
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("image_upload", "x")
	if err != nil {
		panic(err)
	}
	_, _ = part.Write(content.Bytes())
	_ = w.Close()
	return s.asked("POST", "/rest/search/?"+query, form.String(), "x-api-key", TinEyeKey, "Content-Type", w.FormDataContentType())
}

func TestTinEyeCountsItsSearchesAndKnowsNoSmallPictures(t *testing.T) {
	s := New(Options{Default: FullAndPages, Searches: 1})
	if got := upload(s, 49, ""); got.Code != 400 || !strings.Contains(got.Body.String(), "NO_SIGNATURE_ERROR") {
		t.Errorf("a picture of 49 pixels: %s", got.Body)
	}
	if got := upload(s, 50, ""); got.Code != 200 || !strings.Contains(got.Body.String(), `"crawl_date":""`) {
		t.Errorf("a picture of 50 pixels: %s", got.Body)
	}
	if got := s.asked("GET", "/rest/remaining_searches/", "", "x-api-key", TinEyeKey); !strings.Contains(got.Body.String(), `"total_remaining_searches":0`) {
		t.Errorf("what is left: %s", got.Body)
	}
	if got := upload(s, 50, ""); got.Code != 402 {
		t.Errorf("with no searches left: HTTP %d", got.Code)
	}
	if got := s.asked("GET", "/rest/image_count/", "", "x-api-key", TinEyeKey); !strings.Contains(got.Body.String(), `"results":70000000000`) {
		t.Errorf("the count of images: %s", got.Body)
	}
}

func TestTinEyePagesItsMatches(t *testing.T) {
	s := New(Options{Default: FullAndPages})
	for query, want := range map[string]int{"": 3, "limit=2": 2, "limit=2&offset=2": 1, "offset=9": 0} {
		if got := strings.Count(upload(s, 50, query).Body.String(), `"backlink"`); got != want {
			t.Errorf("%q gives %d matches, want %d", query, got, want)
		}
	}
	if got := upload(s, 50, "limit=1&order=asc").Body.String(); !strings.Contains(got, "41.8") {
		t.Errorf("the worst match first: %s", got)
	}
}

func TestYandexRefusesLongPicturesAndUnknownFolders(t *testing.T) {
	s := New(Options{})
	for body, want := range map[string]int{
		`{"folderId":"` + folder + `","data":"eA=="}`:                                   200,
		`{"folderId":"` + folder + `","data":"` + strings.Repeat("A", 3_145_732) + `"}`: 400,
		`{"folderId":"other","data":"eA=="}`:                                            400,
		`{"folderId":"` + folder + `"}`:                                                 400,
	} {
		if got := s.asked("POST", "/v2/image/search_by_image", body, "Authorization", "Api-Key "+YandexKey); got.Code != want {
			t.Errorf("%.60s: HTTP %d, want %d", body, got.Code, want)
		}
	}
}

// Refusals cost nothing; what does not arrive whole costs its price.
func TestOnlyWorkThatWasDoneIsBilled(t *testing.T) {
	for scene, want := range map[Scenario]int{
		None: 1, FullAndPages: 1, Truncated: 1, Lost: 1, CutOff: 1,
		BusyThenOK: 0, KeyRefused: 0, NoFunds: 0, Broken: 0, WebPage: 0, ImageError: 0, BadImage: 0,
	} {
		s := New(Options{Default: scene})
		func() {
			defer func() { _ = recover() }() // a connection that breaks
			s.asked(http.MethodPost, "/v1/images:annotate", googleBody(1, "x"), "X-Goog-Api-Key", GoogleKey)
		}()
		if got := s.Billed(Google)[sumOf([]byte("x"))]; got != want {
			t.Errorf("%s: %d units, want %d", scene, got, want)
		}
	}
}
