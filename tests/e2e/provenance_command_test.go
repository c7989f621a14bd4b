package e2e_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// photograph is a picture that is worth a thumbnail.
func photograph(t *testing.T) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	picture := image.NewGray(image.Rect(0, 0, 640, 480))
	for i := range picture.Pix {
		picture.Pix[i] = color.Gray{Y: uint8(random.Uint32())}.Y
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheCommandsAskTheConfiguredWikiAndNoOther(t *testing.T) {
	s := newCodeStage(t)
	s.Upload(s.Admin, "Sparrow.png", photograph(t))
	s.admin("Sparrows", "[[File:Sparrow.png|thumb]]")
	s.admin(hoverPage, offStep)
	s.admin("MediaWiki:Sitenotice", "Hello")

	t.Run("audit of a page", func(t *testing.T) {
		r := s.o.Run("audit", s.URL+"/wiki/"+hoverPage)
		if r.Code != 1 || !strings.Contains(r.Out, "TS001") || !strings.Contains(r.Out, hoverPage) {
			t.Errorf("it ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
		}
		r = s.o.Run("audit", "--format", "sarif", s.URL+"/w/index.php?title=MediaWiki:Gadget-hover-box.js&action=raw")
		if r.Code != 1 || !strings.Contains(r.Out, `"TS001"`) {
			t.Errorf("it ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
		}
		r = s.o.Run("audit", s.URL+"/wiki/MediaWiki:Gadget-none.js")
		if r.Code != 1 || !strings.Contains(r.Err, "there is no such page") {
			t.Errorf("it ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
		}
	})
	t.Run("another host is refused", func(t *testing.T) {
		r := s.o.Run("audit", "https://evil.example/wiki/MediaWiki:Gadget-x.js")
		if r.Code == 0 || !strings.Contains(r.Err, "is no page of") || !strings.Contains(r.Err, "--api") {
			t.Errorf("it ended with %d and said\n%s%s", r.Code, r.Out, r.Err)
		}
	})
	t.Run("the probe tells that 1.43 adds no parameters", func(t *testing.T) {
		out := s.o.Must("url", "probe", "File:Sparrow.png")
		for _, want := range []string{"File:Sparrow.png", "none", "not offered", "300 px, not standard"} {
			if !strings.Contains(out, want) {
				t.Errorf("it does not say %q", want)
			}
		}
		if strings.Contains(out, "utm_") {
			t.Errorf("it tells of parameters")
		}
	})
	t.Run("so does the overview", func(t *testing.T) {
		s.audit()
		s.says(t, s.o.Page("Provenance"), "What this wiki emits", "File:Sparrow.png", "none", "not offered")
	})
}
