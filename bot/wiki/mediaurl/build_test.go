package mediaurl

import (
	"strings"
	"testing"
)

func TestAnAddressIsBuiltInEveryForm(t *testing.T) {
	r := Wikimedia("wikipedia", "commons")
	r.Scripts, r.Pages = "/w", "/wiki"
	const old = "20200131235959!"
	for _, c := range []struct {
		form  Form
		name  string
		width int
		want  string
	}{
		{Original, "Example.jpg", 0, upload + "a/a9/Example.jpg"},
		{Original, "File:Why? (a b).jpg", 0, upload + Folders("Why? (a b).jpg") + "/Why%3F_%28a_b%29.jpg"},
		{Thumb, "Example.jpg", 250, thumbs + "a/a9/Example.jpg/250px-Example.jpg"},
		{Thumb, "Test.svg", 40, thumbs + "b/bd/Test.svg/40px-Test.svg.png"},
		{Thumb, "Test.TIF", 40, thumbs + Folders("Test.TIF") + "/Test.TIF/lossy-page1-40px-Test.TIF.jpg"},
		{Thumb, "Test.tiff", 40, thumbs + Folders("Test.tiff") + "/Test.tiff/lossy-page1-40px-Test.tiff.jpg"},
		{Thumb, "Test.pdf", 40, thumbs + Folders("Test.pdf") + "/Test.pdf/page1-40px-Test.pdf.jpg"},
		{Thumb, "Test.webm", 40, thumbs + Folders("Test.webm") + "/Test.webm/40px--Test.webm.jpg"},
		{Archive, old + "Example.jpg", 0, upload + "archive/a/a9/20200131235959%21Example.jpg"},
		{ArchiveThumb, old + "Example.jpg", 120, thumbs + "archive/a/a9/20200131235959%21Example.jpg/120px-Example.jpg"},
		{ThumbPHP, "Example.jpg", 250, "https://upload.wikimedia.org/w/thumb.php?f=Example.jpg&width=250"},
		{ThumbHandler, "Example.jpg", 250, "https://upload.wikimedia.org/w/thumb_handler.php/a/a9/Example.jpg/250px-Example.jpg"},
		{FilePath, "Example.jpg", 0, "https://upload.wikimedia.org/wiki/Special:FilePath/Example.jpg"},
		{Redirect, "Example.jpg", 250, "https://upload.wikimedia.org/wiki/Special:Redirect/file/Example.jpg?width=250"},
	} {
		u, err := r.Build(c.form, c.name, c.width)
		if err != nil || u.String() != c.want {
			t.Errorf("%s of %s: %v, %v; want %s", c.form, c.name, u, err, c.want)
			continue
		}
		if again, err := Parse(c.want); err != nil || again.Form != c.form || len(again.Damage) > 0 {
			t.Errorf("%s: read as %v, %v", c.want, again, err)
		}
	}
}

func TestALongNameIsLeftOutOfItsThumbnail(t *testing.T) {
	name := strings.Repeat("a", 157) + ".svg"
	u, err := Repository{Base: "/images"}.Build(Thumb, name, 40)
	if err != nil || !strings.HasSuffix(u.String(), "/40px-thumbnail.svg.png") {
		t.Error(u, err)
	}
	u, _ = Repository{Base: "/images"}.Build(Thumb, name[1:], 40)
	if !strings.HasSuffix(u.String(), "/40px-"+name[1:]+".png") {
		t.Error(u)
	}
}

func TestAWikiWithoutHashFoldersIsServed(t *testing.T) {
	u, err := Repository{Base: "/images", Flat: true}.Build(Thumb, "A.png", 40)
	if err != nil || u.String() != "/images/thumb/A.png/40px-A.png" {
		t.Error(u, err)
	}
}

func TestWhatCannotBeBuiltIsRefused(t *testing.T) {
	r := Wikimedia("wikipedia", "commons")
	for _, c := range []struct {
		form  Form
		name  string
		width int
	}{
		{Original, "", 0}, {Original, "Example", 0}, {Original, "a/b.jpg", 0}, {Original, "a[b].jpg", 0}, {Original, "a#b.jpg", 0},
		{Thumb, "Example.jpg", 0}, {Thumb, "Example.jpg", -1}, {Thumb, "Example.jpg", 1000000},
		{Archive, "Example.jpg", 0}, {Transcoded, "F.webm", 0}, {"", "Example.jpg", 0},
	} {
		if u, err := r.Build(c.form, c.name, c.width); err == nil {
			t.Errorf("%s of %q at %d: %s", c.form, c.name, c.width, u)
		}
	}
}
