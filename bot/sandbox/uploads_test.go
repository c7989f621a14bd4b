package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"filewarden/bot/sandbox/picture"
)

func TestSeedsOfAnotherTimeAreToldWithIt(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	w := New(Options{Clock: func() time.Time { return now }})
	w.Upload("Alice", "New.png", picture.Tiny(1), "today")
	w.At(now.Add(-72*time.Hour), func() {
		w.AddUser("Old hand", "", "sysop")
		w.Upload("Old hand", "Old.png", picture.Tiny(2), "three days ago")
		w.Delete("Admin", "File:Old.png", "[[COM:L|copyright violation]]")
	})
	w.SetEdits("Alice", 12)
	w.SetRegistered("Alice", now.Add(-time.Hour))
	s := serve(t, w)
	q := s.query("action=query&list=logevents&letype=upload&ledir=newer&lestart=2026-05-29T00:00:00Z&leprop=title|timestamp")
	if got := titlesOf(q["query"].(M)["logevents"]); got != "File:Old.png File:New.png" {
		t.Errorf("uploads: %s", got)
	}
	q = s.query("action=query&list=filearchive&faprop=timestamp|sha1")
	row := q["query"].(M)["filearchive"].([]any)[0].(M)
	if row["timestamp"] != "2026-05-29T12:00:00Z" || row["sha1"] != hexSHA1(picture.Tiny(2)) {
		t.Errorf("archived: %v", row)
	}
	q = s.query("action=query&list=users&ususers=Alice&usprop=editcount|registration")
	if user := q["query"].(M)["users"].([]any)[0].(M); user["editcount"] != 12.0 || user["registration"] != "2026-06-01T11:00:00Z" {
		t.Errorf("Alice is %v", user)
	}
}

func titlesOf(list any) string {
	var out []string
	for _, row := range list.([]any) {
		out = append(out, row.(M)["title"].(string))
	}
	return strings.Join(out, " ")
}

func TestAThumbnailShowsThePhoto(t *testing.T) {
	w := New(Options{SVGThumbs: true})
	photo := picture.Photo(1, 320, 240)
	w.Upload("Alice", "Photo.jpg", picture.JPEG(photo, 95), "x")
	w.Upload("Alice", "Drawing.svg", picture.SVG(photo), "x")
	turned := picture.WithCamera(picture.JPEG(photo, 95), picture.Camera{Orientation: 6})
	w.Upload("Alice", "Turned.jpg", turned, "x")
	s := serve(t, w)
	for name, want := range map[string]image.Image{"Photo.jpg": photo, "Drawing.svg": photo, "Turned.jpg": picture.Turned(photo)} {
		info := s.query("action=query&prop=imageinfo&iiprop=url&iiurlwidth=200&titles=File:" + name)["query"].(M)["pages"].([]any)[0].(M)["imageinfo"].([]any)[0].(M)
		status, body := s.fetch(info["thumburl"].(string))
		m, _, err := image.Decode(bytes.NewReader(body))
		if status != http.StatusOK || err != nil {
			t.Fatalf("%s: status %d, %v", name, status, err)
		}
		if d := difference(m, picture.Scaled(want, 200)); d > 6 {
			t.Errorf("%s: the thumbnail is off by %d of 255", name, d)
		}
	}
	w.HideUpload("Photo.jpg", 0)
	if status, _ := s.fetch(w.Server() + "/images/thumb/3/36/Photo.jpg/200px-Photo.jpg"); status != http.StatusNotFound {
		t.Errorf("of a hidden file: status %d", status)
	}
}

// difference is the mean distance of two pictures' levels.
func difference(a, b image.Image) int {
	sum, n := 0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, _, _, _ := a.At(x, y).RGBA()
			s, _, _, _ := b.At(x, y).RGBA()
			sum, n = sum+max(int(r>>8)-int(s>>8), int(s>>8)-int(r>>8)), n+1
		}
	}
	return sum / max(n, 1)
}

// A bot that asks for thumbnails of 500 files gets them in parts of 50.
func TestOneRequestMakesFiftyThumbnails(t *testing.T) {
	w := New(Options{})
	w.AddUser("Bot", "", "bot")
	for i := range 60 {
		w.Upload("Alice", "A"+idText(int64(100+i))+".png", picture.Tiny(i), "x")
	}
	s := serve(t, w)
	rest, seen, requests := "", 0, 0
	for more := true; more; requests++ {
		q := s.query("action=query&generator=allimages&gailimit=60&prop=imageinfo&iiprop=url&iiurlwidth=20" + rest)
		for _, page := range q["query"].(M)["pages"].([]any) {
			if page.(M)["imageinfo"] != nil {
				seen++
			}
		}
		next, ok := q["continue"].(M)
		if more = ok; ok {
			rest = "&continue=" + next["continue"].(string) + "&iicontinue=" + next["iicontinue"].(string)
		}
	}
	if seen != 60 || requests != 2 {
		t.Errorf("%d files in %d requests", seen, requests)
	}
}

func TestATokenOfAConsumerSaysWhoseItIs(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	w := New(Options{OAuth: true, Clock: func() time.Time { return now }})
	w.AddUser("Rita", "", "sysop")
	token := w.OAuthToken("Rita", "consumer key", "basic", "editpage")
	parts := strings.Split(token, ".")
	raw, _ := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Aud, Sub string }
	if err := json.Unmarshal(raw, &claims); err != nil || claims.Aud != "consumer key" {
		t.Fatalf("%s: %v", raw, err)
	}
	s := serve(t, w)
	status, profile := s.profile(token)
	if status != http.StatusOK || profile["username"] != "Rita" || idText(int64(profile["sub"].(float64))) != claims.Sub || profile["blocked"] != false {
		t.Errorf("status %d, %v", status, profile)
	}
	w.Block("Admin", "Rita", "x", time.Time{})
	if _, profile := s.profile(token); profile["blocked"] != true {
		t.Errorf("blocked: %v", profile)
	}
	for name, bad := range map[string]string{"altered": parts[0] + "." + base64.RawURLEncoding.EncodeToString(append(raw, ' ')) + "." + parts[2], "none": ""} {
		if status, _ := s.profile(bad); status != http.StatusUnauthorized {
			t.Errorf("%s: status %d", name, status)
		}
	}
	now = now.Add(5 * time.Hour)
	if status, _ := s.profile(token); status != http.StatusUnauthorized {
		t.Errorf("after five hours: status %d", status)
	}
}

// query asks with parameters written as in an address.
func (c *client) query(q string) M {
	c.t.Helper()
	var pairs []string
	for pair := range strings.SplitSeq(q, "&") {
		key, value, _ := strings.Cut(pair, "=")
		pairs = append(pairs, key, value)
	}
	return c.get(pairs...)
}

func (c *client) fetch(address string) (int, []byte) {
	c.t.Helper()
	resp, err := c.http.Get(address)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, body
}

// profile asks whose a token is.
func (c *client) profile(token string) (int, M) {
	c.t.Helper()
	if token != "" {
		c.http.Transport = bearer(token)
	}
	defer func() { c.http.Transport = nil }()
	status, body := c.fetch(strings.Replace(c.api, "/api.php", "/rest.php/oauth2/resource/profile", 1))
	var out M
	if err := json.Unmarshal(body, &out); err != nil {
		c.t.Fatal(err)
	}
	return status, out
}

func TestSeedsRevertAsPeopleDo(t *testing.T) {
	w := New(Options{})
	w.Edit("Admin", "Page", "one\n\ntwo", "")
	bad := w.Edit("Alice", "Page", "one\n\nbad", "")
	w.Undo("Admin", "Page", bad)
	w.Edit("Alice", "Page", "worse", "")
	w.Rollback("Admin", "Page")
	w.Edit("Alice", "Page", "again", "")
	w.Edit("Bob", "Page", "one\n\ntwo", "")
	var tags []string
	for _, r := range w.History("Page") {
		tags = append(tags, strings.Join(r.Tags, "+"))
	}
	if got := strings.Join(tags, " "); got != " mw-reverted mw-undo mw-reverted mw-rollback  mw-manual-revert" {
		t.Errorf("tags before the patrol: %q", got)
	}
	w.Patrol("Admin", "Page")
	if r := w.History("Page")[5]; strings.Join(r.Tags, "") != "mw-reverted" {
		t.Errorf("tags after the patrol: %q", r.Tags)
	}
}
