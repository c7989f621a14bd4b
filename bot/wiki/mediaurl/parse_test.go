package mediaurl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	upload = "https://upload.wikimedia.org/wikipedia/commons/"
	thumbs = "https://thumb.wikimedia.org/wikipedia/commons/thumb/"
	params = "?utm_source=en.wikipedia.org&utm_campaign=parser&utm_content=thumbnail"
)

// seeds are addresses of every form, sound and damaged.
var seeds = []string{
	upload + "a/a9/Example.jpg",
	upload + "a/a9/Example.jpg?utm_source=en.wikipedia.org&utm_campaign=imageinfo&utm_content=original",
	thumbs + "a/a9/Example.jpg/250px-Example.jpg" + params + "&_=20250803222127",
	"//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/langde-22px-Foo.svg.png",
	upload + "thumb/a/ab/Map.tif/qlow-lossy-page1-250px-Map.tif.jpg",
	upload + "thumb/a/ab/Film.webm/250px-seek%3D12-Film.webm.jpg",
	upload + "thumb/a/ab/Film.webm/250px--Film.webm.jpg",
	upload + "archive/a/a9/20200131235959%21Example.jpg",
	upload + "thumb/archive/a/a9/20200131235959%21Example.jpg/120px-Example.jpg",
	upload + "transcoded/a/ab/Film.webm/Film.webm.480p.vp9.webm",
	"/w/thumb.php?f=Example.jpg&width=250",
	"https://commons.wikimedia.org/w/thumb.php?w=250px&f=20200131235959%21Example.jpg&archived=1&p=2",
	"/w/thumb_handler.php/a/a9/Example.jpg/250px-Example.jpg",
	"https://de.wikipedia.org/wiki/Spezial:Dateipfad/Datei:Example%20b.jpg?width=300",
	"https://commons.wikimedia.org/w/index.php?title=Special:Redirect/file/Example.jpg&width=300&x=1",
	"https%3A%2F%2Fupload.wikimedia.org%2Fwikipedia%2Fcommons%2Fa%2Fa9%2FExample.jpg%3Futm_source%3Den.wikipedia.org",
	upload + "a/a9/Example%2520b.jpg",
	upload + "a/a9/Example.jpg?utm_source=x&amp;utm_content=thumbnail=400",
	upload + "thumb/a/a9/Example.jpg?utm_source=x/1280px-Example.jpg?utm_source=x",
	upload + "a/a9/Example.jpg?utm_content=original?utm_content=original",
	"/images/a/a9/Example.jpg", "/w/images/thumb/a/a9/100%25.jpg/20px-100%25.jpg",
}

func TestEverySeedIsAMediaURL(t *testing.T) {
	for _, raw := range seeds {
		if _, err := Parse(raw); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// FuzzParse claims that parsing what String wrote gives the same parts.
func FuzzParse(f *testing.F) {
	for _, raw := range seeds {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := Parse(raw)
		if err != nil {
			return
		}
		again, err := Parse(u.String())
		if err != nil {
			t.Fatalf("%q became %q: %v", raw, u, err)
		}
		if diff := cmp.Diff(u, again, cmpopts.IgnoreFields(URL{}, "Damage"), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%q became %q:\n%s", raw, u, diff)
		}
		if u.String() != again.String() {
			t.Fatalf("%q became %q, then %q", raw, u, again)
		}
	})
}
