package mediaurl

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const commons = "/wikipedia/commons"

// example is what most cases share: a file of Commons on the host of uploads.
func example(change func(*URL)) URL {
	u := URL{Form: Original, Scheme: "https", Host: UploadHost, Base: commons, Folders: "a/a9", Name: "Example.jpg"}
	change(&u)
	return u
}

func thumb(folders, name string, t Thumbnail) URL {
	return example(func(u *URL) { u.Form, u.Folders, u.Name, u.Thumb = Thumb, folders, name, &t })
}

// parser is the provenance of pictures in articles.
var parser = Provenance{"en.wikipedia.org", "parser", "thumbnail"}

func TestSoundAddressesAreTakenApartAndPutTogether(t *testing.T) {
	long := strings.Repeat("x", 170) + ".tif"
	for raw, want := range map[string]URL{
		upload + "a/a9/Example.jpg":                                  example(func(u *URL) {}),
		"http://upload.wikimedia.org/wiktionary/de/a/a9/Example.jpg": example(func(u *URL) { u.Scheme, u.Base = "http", "/wiktionary/de" }),
		"//upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg":  example(func(u *URL) { u.Scheme = "" }),
		"/images/a/a9/Example.jpg":                                   example(func(u *URL) { u.Scheme, u.Host, u.Base = "", "", "/images" }),
		"https://wiki.example:8080/w/images/a/ab/Any.png": example(func(u *URL) {
			u.Host, u.Base, u.Folders, u.Name = "wiki.example:8080", "/w/images", "a/ab", "Any.png"
		}),
		"/wikipedia/commons/a/ab/Any.png":           {Form: Original, Base: commons, Folders: "a/ab", Name: "Any.png"},
		"https://upload.wikimedia.org/a/ab/Any.png": example(func(u *URL) { u.Base, u.Folders, u.Name = "", "a/ab", "Any.png" }),
		"https://img.example/a/a9/Example.jpg":      example(func(u *URL) { u.Host, u.Base = "img.example", "" }),
		upload + "a/a9/Example.jpg?download#top": example(func(u *URL) {
			u.Others, u.Fragment = []Param{{"download", ""}}, "top"
		}),
		upload + "a/ab/Why%3F_%28a%2C_b%29%21.jpg": example(func(u *URL) { u.Folders, u.Name = "a/ab", "Why?_(a,_b)!.jpg" }),
		upload + "a/ab/100%25.jpg":                 example(func(u *URL) { u.Folders, u.Name = "a/ab", "100%.jpg" }),
		upload + "a/ab/%D0%96.jpg":                 example(func(u *URL) { u.Folders, u.Name = "a/ab", "Ж.jpg" }),

		thumbs + "a/a9/Example.jpg/250px-Example.jpg" + params + "&_=20250803222127&x=1&x=2": example(func(u *URL) {
			u.Form, u.Host, u.Thumb, u.Provenance = Thumb, ThumbHost, &Thumbnail{Width: 250}, parser
			u.Others = []Param{{"_", "20250803222127"}, {"x", "1"}, {"x", "2"}}
		}),
		upload + "thumb/a/ab/F.svg/40px-F.svg.png":             thumb("a/ab", "F.svg", Thumbnail{Width: 40, Suffix: ".png"}),
		upload + "thumb/a/ab/F.svg/langde-40px-F.svg.png":      thumb("a/ab", "F.svg", Thumbnail{Width: 40, Lang: "de", Suffix: ".png"}),
		upload + "thumb/a/ab/F.svg/langzh-hans-40px-F.svg.png": thumb("a/ab", "F.svg", Thumbnail{Width: 40, Lang: "zh-hans", Suffix: ".png"}),
		upload + "thumb/a/ab/F.jpg/40px-F.jpg.webp":            thumb("a/ab", "F.jpg", Thumbnail{Width: 40, Suffix: ".webp"}),
		upload + "thumb/a/ab/F.jpg/qlow-40px-F.jpg":            thumb("a/ab", "F.jpg", Thumbnail{Width: 40, Quality: "qlow"}),
		upload + "thumb/a/ab/F.tif/qlow-lossy-page2-40px-F.tif.jpg": thumb("a/ab", "F.tif",
			Thumbnail{Width: 40, Quality: "qlow-lossy", Page: 2, Suffix: ".jpg"}),
		upload + "thumb/a/ab/F.tif/lossless-page1-40px-F.tif.png": thumb("a/ab", "F.tif",
			Thumbnail{Width: 40, Quality: "lossless", Page: 1, Suffix: ".png"}),
		upload + "thumb/a/ab/F.pdf/page12-40px-F.pdf.jpg":        thumb("a/ab", "F.pdf", Thumbnail{Width: 40, Page: 12, Suffix: ".jpg"}),
		upload + "thumb/a/ab/F.webm/40px--F.webm.jpg":            thumb("a/ab", "F.webm", Thumbnail{Width: 40, DoubleDash: true, Suffix: ".jpg"}),
		upload + "thumb/a/ab/F.webm/40px-seek%3D12.5-F.webm.jpg": thumb("a/ab", "F.webm", Thumbnail{Width: 40, Seek: "12.5", Suffix: ".jpg"}),
		upload + "thumb/a/ab/-F.jpg/40px--F.jpg":                 thumb("a/ab", "-F.jpg", Thumbnail{Width: 40}),
		upload + "thumb/a/ab/seek%3D1-F.jpg/40px-seek%3D1-F.jpg": thumb("a/ab", "seek=1-F.jpg", Thumbnail{Width: 40}),
		upload + "thumb/a/ab/40px-F.jpg/60px-40px-F.jpg":         thumb("a/ab", "40px-F.jpg", Thumbnail{Width: 60}),
		upload + "thumb/a/ab/" + long + "/lossy-page1-40px-thumbnail.tif.jpg": thumb("a/ab", long,
			Thumbnail{Width: 40, Quality: "lossy", Page: 1, Short: true, Suffix: ".jpg"}),
		"https://img.example/common/thumb/a/ab/F.png/40px-F.png": example(func(u *URL) {
			u.Form, u.Host, u.Base, u.Folders, u.Name, u.Thumb = Thumb, "img.example", "/common", "a/ab", "F.png", &Thumbnail{Width: 40}
		}),
		"/images/thumb/F.png/40px-F.png": {Form: Thumb, Base: "/images", Name: "F.png", Thumb: &Thumbnail{Width: 40}},

		upload + "archive/a/a9/20200131235959%21Example.jpg": example(func(u *URL) { u.Form, u.Archived = Archive, "20200131235959" }),
		upload + "thumb/archive/a/a9/20200131235959%21Example.jpg/120px-Example.jpg": example(func(u *URL) {
			u.Form, u.Archived, u.Thumb = ArchiveThumb, "20200131235959", &Thumbnail{Width: 120}
		}),
		upload + "transcoded/a/ab/F.webm/F.webm.480p.vp9.webm": example(func(u *URL) {
			u.Form, u.Folders, u.Name, u.Transcode = Transcoded, "a/ab", "F.webm", "480p.vp9.webm"
		}),
		"/w/thumb.php?f=A_b.jpg&width=250&page=2&lang=de&utm_source=x": {
			Form: ThumbPHP, Base: "/w", Name: "A_b.jpg", Thumb: &Thumbnail{Width: 250, Page: 2, Lang: "de"}, Provenance: Provenance{Source: "x"}},
		"/w/thumb.php?f=20200131235959%21A.jpg&width=250&archived=1": {
			Form: ThumbPHP, Base: "/w", Name: "A.jpg", Archived: "20200131235959", Thumb: &Thumbnail{Width: 250}},
		"/w/thumb_handler.php/a/a9/Example.jpg/250px-Example.jpg": {
			Form: ThumbHandler, Base: "/w", Folders: "a/a9", Name: "Example.jpg", Thumb: &Thumbnail{Width: 250}},
		"/w/thumb_handler.php/archive/a/a9/20200131235959%21Example.jpg/250px-Example.jpg": {
			Form: ThumbHandler, Base: "/w", Folders: "a/a9", Name: "Example.jpg", Archived: "20200131235959", Thumb: &Thumbnail{Width: 250}},
		"/wiki/Special:FilePath/Example.jpg": {Form: FilePath, Base: "/wiki", Name: "Example.jpg", Page: "Special:FilePath"},
		"//de.wikipedia.org/wiki/Spezial:Dateipfad/A_(b).jpg?width=300&height=9": {
			Form: FilePath, Host: "de.wikipedia.org", Base: "/wiki", Name: "A_(b).jpg", Page: "Spezial:Dateipfad",
			Thumb: &Thumbnail{Width: 300}, Others: []Param{{"height", "9"}}},
		"/wiki/Special:Redirect/file/Example.jpg?width=300": {
			Form: Redirect, Base: "/wiki", Name: "Example.jpg", Page: "Special:Redirect", Thumb: &Thumbnail{Width: 300}},
		"/w/index.php?title=Special%3ARedirect%2Ffile%2FExample.jpg&width=300&uselang=de": {
			Form: Redirect, Base: "/w/index.php", InTitle: true, Name: "Example.jpg", Page: "Special:Redirect",
			Thumb: &Thumbnail{Width: 300}, Others: []Param{{"uselang", "de"}}},
	} {
		got, err := Parse(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
		if got.String() != raw {
			t.Errorf("%s became %s", raw, got)
		}
	}
}

// Addresses that lead to the same file, written otherwise.
func TestOtherSpellingsAreWrittenInTheUsualWay(t *testing.T) {
	for raw, want := range map[string]string{
		"HTTPS://Upload.Wikimedia.ORG/wikipedia/commons/a/a9/Example.jpg": upload + "a/a9/Example.jpg",
		upload + "a/ab/A_(b).jpg":                                                                 upload + "a/ab/A_%28b%29.jpg",
		upload + "a%2Fab%2FA.jpg":                                                                 upload + "a/ab/A.jpg",
		upload + "thumb/a/ab/F.webm/40px-seek=12-F.webm.jpg":                                      upload + "thumb/a/ab/F.webm/40px-seek%3D12-F.webm.jpg",
		upload + "a/ab/A.jpg?_=1&utm_content=original&x=y&utm_source=s&utm_term=t":                upload + "a/ab/A.jpg?utm_source=s&utm_content=original&utm_term=t&_=1&x=y",
		upload + "a/ab/A.jpg?utm_source=&&utm_campaign=parser":                                    upload + "a/ab/A.jpg?utm_campaign=parser",
		"/w/thumb.php?w=250px&p=3&f=File:A+b.jpg":                                                 "/w/thumb.php?f=A_b.jpg&width=250&page=3",
		"/w/thumb.php?f=20200131235959!A.jpg&w=20&archived=0":                                     "/w/thumb.php?f=20200131235959%21A.jpg&width=20",
		"/w/thumb_handler.php/thumb/a/ab/A.jpg/40px-A.jpg":                                        "/w/thumb_handler.php/a/ab/A.jpg/40px-A.jpg",
		"/wiki/Spécial:FilePath/Fichier:A%20b.jpg":                                                "/wiki/Sp%C3%A9cial:FilePath/A_b.jpg",
		"/wiki/special:filepath?file=A+b.jpg":                                                     "/wiki/special:filepath/A_b.jpg",
		"/w/index.php?title=Special:Filepath&file=Image:A.jpg":                                    "/w/index.php?title=Special%3AFilepath%2FA.jpg",
		"/wiki/Special:Redirect?wptype=file&wpvalue=A.jpg&width=20":                               "/wiki/Special:Redirect/file/A.jpg?width=20",
		"/w/index.php/Special:FilePath/A.jpg":                                                     "/w/index.php/Special:FilePath/A.jpg",
		upload + "thumb/archive/a/a9/20200131235959!Example.jpg/120px-20200131235959!Example.jpg": upload + "thumb/archive/a/a9/20200131235959%21Example.jpg/120px-Example.jpg",
	} {
		got, err := Parse(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if got.String() != want || len(got.Damage) > 0 {
			t.Errorf("%s became %s, want %s; damage %q", raw, got, want, got.Damage)
		}
	}
}

func TestDamageIsMendedAndTold(t *testing.T) {
	thumbnail := upload + "thumb/a/a9/Example.jpg/1280px-Example.jpg"
	for _, c := range []struct{ raw, want, damage string }{
		{upload + "a/a9/Example.jpg?utm_content=thumbnail=400", upload + "a/a9/Example.jpg?utm_content=thumbnail", `text is stuck to utm_content: "=400"`},
		{upload + "a/a9/Example.jpg?utm_source=a&utm_content=thumbnail?v=1", upload + "a/a9/Example.jpg?utm_source=a&utm_content=thumbnail&v=1", "a question mark stands twice"},
		{upload + "a/a9/Example.jpg?utm_source=a?utm_source=a", upload + "a/a9/Example.jpg?utm_source=a", "a question mark stands twice"},
		{upload + "a/a9/Example.jpg?x=1?utm_source=a", upload + "a/a9/Example.jpg?utm_source=a&x=1", "a question mark stands twice"},
		{upload + "a/a9/Example.jpg?utm_source=a&utm_source=b", upload + "a/a9/Example.jpg?utm_source=b", "utm_source is given twice"},
		{upload + "a/a9/Example.jpg?utm_source=a&amp;utm_campaign=parser", upload + "a/a9/Example.jpg?utm_source=a&utm_campaign=parser", "escaped for HTML"},
		{upload + "a/a9/Example.jpg?utm_source=a&amp;amp;x=1", upload + "a/a9/Example.jpg?utm_source=a&x=1", "escaped for HTML"},
		{upload + "a/ab/Tom_&amp;_Joe&#39;s.jpg", upload + "a/ab/Tom_%26_Joe%27s.jpg", "escaped for HTML"},
		{upload + "thumb/a/a9/Example.jpg?utm_source=a/1280px-Example.jpg?utm_source=a", thumbnail + "?utm_source=a", "middle of the path"},
		{upload + "thumb/a/a9/Example.jpg?utm_source=a&utm_campaign=b/1280px-Example.jpg", thumbnail + "?utm_source=a&utm_campaign=b", "middle of the path"},
		{upload + "a/a9/Example.jpg%3Futm_source%3Da%26x%3D1", upload + "a/a9/Example.jpg?utm_source=a&x=1", "the query is part of the path"},
		{upload + "a/a9/Example.jpg&utm_source=a", upload + "a/a9/Example.jpg?utm_source=a", "the query is part of the path"},
		{upload + "a/a9/Example.jpg%3Futm_source%3Da?download", upload + "a/a9/Example.jpg?utm_source=a&download", "the query is part of the path"},
		{upload + "thumb/a/a9/Example.jpg%3Futm_source%3Da%26utm_campaign%3Db/1280px-Example.jpg%3Futm_source%3Da", thumbnail + "?utm_source=a", "middle of the path"},
		{"https%3A%2F%2Fupload.wikimedia.org%2Fwikipedia%2Fcommons%2Fa%2Fa9%2FExample.jpg%3Futm_source%3Da", upload + "a/a9/Example.jpg?utm_source=a", "as a whole"},
		{"https%253A%252F%252Fupload.wikimedia.org%252Fwikipedia%252Fcommons%252Fa%252Fa9%252FExample.jpg", upload + "a/a9/Example.jpg", "as a whole"},
		{"https://upload.wikimedia.org%2Fwikipedia%2Fcommons%2Fa%2Fa9%2FExample.jpg", upload + "a/a9/Example.jpg", "the slash after the host"},
		{upload + "a/ab/A%2520b.jpg", upload + "a/ab/A_b.jpg", "percent-encoded twice"},
		{upload + "a/ab/%25D0%2596.jpg", upload + "a/ab/%D0%96.jpg", "percent-encoded twice"},
		{upload + "a/ab/A b.jpg", upload + "a/ab/A_b.jpg", "spaces where underscores belong"},
		{upload + "a/ab/5%.jpg", upload + "a/ab/5%25.jpg", "a percent sign stands for itself"},
		{"https://upload.wikimedia.org//wikipedia/commons//a/ab/A.jpg", upload + "a/ab/A.jpg", "a slash stands twice"},
		{`https:\/\/upload.wikimedia.org\/wikipedia\/commons\/a\/ab\/A.jpg`, upload + "a/ab/A.jpg", `slashes are written \/`},
		{"upload.wikimedia.org/wikipedia/commons/a/ab/A.jpg", "//upload.wikimedia.org/wikipedia/commons/a/ab/A.jpg", "without // before it"},
		{upload + "thumb/a/ab/A.jpg", upload + "a/ab/A.jpg", "ends before its size"},
		{upload + "thumb/a/ab/A.svg/20x-A.svg.png", upload + "thumb/a/ab/A.svg/20px-A.svg.png", `the size is written "20x-" instead of "20px-"`},
		{upload + "thumb/a/ab/A.svg/20px_A.svg.png", upload + "thumb/a/ab/A.svg/20px-A.svg.png", `the size is written "20px_"`},
		{upload + "thumb/a/ab/A.svg/20pxA.svg.png", upload + "thumb/a/ab/A.svg/20px-A.svg.png", `the size is written "20px"`},
		{upload + "thumb/a/ab/A.svg/20-A.svg.png", upload + "thumb/a/ab/A.svg/20px-A.svg.png", `the size is written "20-"`},
		{upload + "thumb/a/ab/A.svg/20px-B.svg.png", upload + "thumb/a/ab/A.svg/20px-A.svg.png", `not that of the file: "B.svg.png"`},
		{upload + "thumb/a/ab/A.jpg/20px-A.jpg)", upload + "thumb/a/ab/A.jpg/20px-A.jpg", `stuck to the thumbnail's name: ")"`},
		{"/wiki/Special:FilePath/A.jpg?width=0", "/wiki/Special:FilePath/A.jpg", `width is no number: "0"`},
		{"/wiki/Special:FilePath/A.jpg?width=wide", "/wiki/Special:FilePath/A.jpg", `width is no number: "wide"`},
	} {
		got, err := Parse(c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		if got.String() != c.want || !strings.Contains(strings.Join(got.Damage, "; "), c.damage) {
			t.Errorf("%s became %s, want %s; damage %q, want %q", c.raw, got, c.want, got.Damage, c.damage)
		}
		if again, err := Parse(c.want); err != nil || len(again.Damage) > 0 {
			t.Errorf("%s is not mended: %v %v", c.want, again, err)
		}
	}
}

func TestOtherAddressesAreNoMedia(t *testing.T) {
	for _, raw := range []string{
		"", " ", "/", "//", "https://", "?", "#", "%", "Example.jpg", "a/a9/Example.jpg", "data:image/png;base64,AAAA",
		"https://commons.wikimedia.org/wiki/File:Example.jpg", "/wiki/Special:Search/Example.jpg", "/wiki/Special:FilePath", "/wiki/Special:FilePath/",
		"/wiki/Special:Redirect/user/1", "/wiki/Special:Redirect/page/1.jpg", "/w/index.php?title=Main_Page", "/w/thumb.php", "/w/thumb.php?w=20",
		"https://example.org/images/logo.png", "https://example.org/a/ab/logo.png", "https://example.org/objects/a/ab/abcdef",
		"https://example.org/wp-content/uploads/2020/01/logo.png", "https://maps.wikimedia.org/img/osm,10,1,2,300x300.png",
		"https://user@upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg", "https://upload.wikimedia.org", "https://upload.wikimedia.org/",
		upload + "a/a9/", upload + "a/bc/Example.jpg", upload + "a/a9/Example", upload + "../a/a9/Example.jpg", upload + "a/a9/..",
		upload + "thumb/a/a9/Example.jpg/px-Example.jpg", upload + "thumb/a/a9/Example.jpg/0px-Example.jpg", upload + "archive/a/a9/Example.jpg",
		upload + "thumb/archive/a/a9/Example.jpg/20px-Example.jpg", upload + "transcoded/a/ab/F.webm/G.webm.480p.webm", upload + "transcoded/a/ab/F.webm/F.webm.",
		upload + "a/ab/A%25%33Futm_source=.jpg", upload + strings.Repeat("x/", maxLength) + "a/ab/A.jpg", upload + "a/ab/%" + strings.Repeat("25", 20) + "41.jpg",
		"/wiki/Special:FilePath?file=A?utm_source=b.jpg", "javascript:alert(1)//upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg", "ftp://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg",
	} {
		if u, err := Parse(raw); !errors.Is(err, ErrNoMedia) {
			t.Errorf("%s: %v, %v", raw, u, err)
		}
	}
}

func TestAThumbnailsNameIsReadByItself(t *testing.T) {
	got, damage, ok := ThumbName("lossy-page1-250px-A b.tif.jpg", "A b.tif")
	if !ok || len(damage) > 0 || got != (Thumbnail{Width: 250, Quality: "lossy", Page: 1, Suffix: ".jpg"}) {
		t.Error(got, damage, ok)
	}
	if _, damage, ok := ThumbName("20x-A.svg.png", "A.svg"); !ok || len(damage) != 1 {
		t.Error(damage, ok)
	}
	if _, _, ok := ThumbName("A.svg", "A.svg"); ok {
		t.Error("a name without a size was read")
	}
}
