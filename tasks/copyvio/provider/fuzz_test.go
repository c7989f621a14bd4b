package provider

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// twoImages are what every fuzzed answer is about.
func twoImages() []Image {
	return []Image{{SHA1: strings.Repeat("a", 40)}, {SHA1: strings.Repeat("b", 40)}}
}

func fuzzOptions() Options {
	return Options{Now: func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
		Keys: Keys{Google: GoogleKey{Key: "s3cret"}, Yandex: YandexKey{Key: "s3cret"}, TinEye: TinEyeKey{Key: "s3cret"},
			Contracts: map[string]ContractKey{"own": {Key: "s3cret"}}}}
}

// Seeds that are of no service: what stands in between, and damage.
func addCommonSeeds(f *testing.F) {
	for _, body := range []string{
		"", "{", "null", "[]", `"x"`, "{}", "<html>", "\ufeff <!DOCTYPE html>", `{"responses":[`, `{"a":1}{"b":2}`, "\x00",
		`{"error":{"message":"s3cret \u202e<b>x</b>"}}`, strings.Repeat("[", 20000), `{"responses":` + strings.Repeat(`{"a":`, 200),
	} {
		for _, status := range []int{200, 400, 403, 429, 500, 302} {
			f.Add(status, []byte(body), false)
		}
	}
}

// judged fails where an answer does not say what became of every image.
func judged(t *testing.T, images []Image, answers []Answer, err error) {
	t.Helper()
	if len(answers) != len(images) {
		t.Fatalf("%d answers for %d images", len(answers), len(images))
	}
	for i, a := range answers {
		if a.SHA1 != images[i].SHA1 {
			t.Errorf("answer %d is about %q", i, a.SHA1)
		}
		if a.Err != nil {
			known(t, a.Err)
		}
		if s := a.Safety; s != nil && (min(s.Adult, s.Spoof, s.Medical, s.Violence, s.Racy) < 0 || max(s.Adult, s.Spoof, s.Medical, s.Violence, s.Racy) > 5) {
			t.Errorf("the rating %+v", *s)
		}
		sound(t, a)
	}
	if err != nil {
		known(t, err)
	}
}

// known fails where an error is not of the package's own, or shows a key.
func known(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no error of this package", err)
	}
	if text := err.Error(); strings.Contains(text, "s3cret") || strings.ContainsAny(text, "\u202e\x00\n") {
		t.Errorf("the error says %q", text)
	}
}

// replyOf is an answer that was cut off or not.
func replyOf(status int, body []byte, broken bool) reply {
	got := reply{status: status, body: body}
	if broken {
		got.cut = errors.New("unexpected EOF")
	}
	return got
}

func FuzzGoogleAnswer(f *testing.F) {
	addCommonSeeds(f)
	f.Add(200, []byte(`{"responses":[{"webDetection":{"webEntities":[{"entityId":"/m/1","score":1.2}],"fullMatchingImages":[{"url":"https://a.example/1.jpg"}],
		"partialMatchingImages":[{"url":"HTTP://A.example:80/2.jpg#x"}],"pagesWithMatchingImages":[{"url":"https://p.example/","pageTitle":"<b>T</b>\u202e","fullMatchingImages":[{"url":"https://a.example/1.jpg"}]},{"url":"https://q.example/"}],
		"visuallySimilarImages":[{"url":"https://s.example/"}]},"safeSearchAnnotation":{"adult":"VERY_LIKELY","racy":"?"}},{"error":{"code":14,"message":"We can not access"}}]}`), false)
	f.Add(400, []byte(`{"error":{"code":400,"message":"s3cret","details":[{"reason":"API_KEY_INVALID"}]}}`), true)
	g := newGoogle(fuzzOptions())
	f.Fuzz(func(t *testing.T, status int, body []byte, broken bool) {
		answers, err := g.read(replyOf(status, body, broken), twoImages())
		judged(t, twoImages(), answers, err)
	})
}

func FuzzTinEyeAnswer(f *testing.F) {
	addCommonSeeds(f)
	f.Add(200, []byte(`{"stats":{"timestamp":"1488909217.20","query_time":"4.74"},"code":200,"messages":[],"results":{"matches":[{"score":88.9,"tags":["stock"],
		"backlinks":[{"url":"https://i.example/1.jpg","backlink":"https://p.example/","crawl_date":"2016-03-24"},{"url":"ftp://x/","crawl_date":null}]},{"score":-1e300}]}}`), false)
	f.Add(400, []byte(`{"code":400,"messages":["NO_SIGNATURE_ERROR","s3cret"],"results":[]}`), false)
	f.Add(200, []byte(`{"code":402,"messages":["X"],"results":[]}`), false)
	f.Add(200, []byte(`{"code":200,"results":{"total_remaining_searches":3}}`), false)
	s := newTinEye(fuzzOptions())
	f.Fuzz(func(t *testing.T, status int, body []byte, broken bool) {
		one(t, func() (Answer, error) { return s.read(replyOf(status, body, broken)) })
	})
}

func FuzzYandexAnswer(f *testing.F) {
	addCommonSeeds(f)
	f.Add(200, []byte(`{"images":[{"url":"https://a.example/1.jpg","format":"JPEG","width":"531","pageTitle":"T","pageUrl":"https://p.example/"}],"page":"0","id":"x"}`), false)
	f.Add(403, []byte(`{"code":7,"message":"s3cret","details":[]}`), false)
	y := newYandex(fuzzOptions())
	f.Fuzz(func(t *testing.T, status int, body []byte, broken bool) {
		one(t, func() (Answer, error) { return y.read(replyOf(status, body, broken)) })
	})
}

// one judges a service that takes one image at a time.
func one(t *testing.T, read func() (Answer, error)) {
	images := twoImages()[:1]
	answers, err := oneByOne(images, func(Image) (Answer, error) { return read() })
	judged(t, images, answers, err)
}

func FuzzContractAnswer(f *testing.F) {
	addCommonSeeds(f)
	a, b := twoImages()[0].SHA1, twoImages()[1].SHA1
	f.Add(200, fmt.Appendf(nil, `{"answers":[{"sha1":"%s","error":{"code":"picture","message":"s3cret"}},{"sha1":"%s","safety":{"adult":99,"racy":-1},
		"matches":[{"url":"https://a.example/","page":"x:","title":"<i>","percent":1000,"kind":"?","crawled":"2016-03-24T00:00:00Z","stock":true}]}]}`, b, a), false)
	f.Add(200, fmt.Appendf(nil, `{"answers":[{"sha1":"%s"},{"sha1":"%s"},{"sha1":"%s","matches":`, a, a, b), true)
	c := newContract("own", fuzzOptions())
	f.Fuzz(func(t *testing.T, status int, body []byte, broken bool) {
		answers, err := c.read(replyOf(status, body, broken), twoImages())
		judged(t, twoImages(), answers, err)
	})
}

func FuzzAddressAndTitle(f *testing.F) {
	for _, s := range []string{"https://a.example/?q=[[x]]#y", "http://u:p@[::1]:80/", "https://bücher.example\u202e/", "<b>x</b>&#x202e;", "HTTP://A..:8/%zz", "http://../", "https://a.example/%\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, foreign string) {
		sound(t, Answer{Matches: tidy([]Match{{URL: foreign, Kind: Full}, {URL: "https://a.example/", Page: foreign, PageTitle: foreign, Kind: Page}},
			"google", fuzzOptions().Now())})
	})
}
