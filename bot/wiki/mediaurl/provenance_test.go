package mediaurl

import "testing"

func TestProvenanceIsAppendedAsCoreDoes(t *testing.T) {
	const file = upload + "a/a9/Example.jpg"
	article := Maker{Wiki: "de.wikipedia.org", Generator: "parser", EntryPoint: "index", Content: ContentThumbnail}
	page := Maker{Wiki: "de.wikipedia.org", EntryPoint: "index", Content: ContentOriginal}
	for _, c := range []struct {
		maker     Maker
		raw, want string
	}{
		{page, file, file + "?utm_source=de.wikipedia.org&utm_campaign=index&utm_content=original"},
		{article, file, file + "?utm_source=de.wikipedia.org&utm_campaign=parser&utm_content=thumbnail"},
		{page, file + "?_=1", file + "?utm_source=de.wikipedia.org&utm_campaign=index&utm_content=original&_=1"},
		// Commons made it first: its name stays, and so does its campaign until a generator names itself.
		{page, file + "?utm_source=c&utm_campaign=imageinfo", file + "?utm_source=c&utm_campaign=imageinfo&utm_content=original"},
		{article, file + "?utm_source=c&utm_campaign=imageinfo&utm_content=original", file + "?utm_source=c&utm_campaign=parser&utm_content=thumbnail_unscaled"},
		{Maker{}, file, file},
		{Maker{}, file + "?utm_source=c&utm_term=t", file + "?utm_source=c&utm_term=t"},
		// What was signed is another address now.
		{page, file + "?utm_source=c&utm_campaign=x&utm_content=thumbnail&utm_term=t", file + "?utm_source=c&utm_campaign=x&utm_content=original"},
	} {
		u, err := Parse(c.raw)
		if err != nil {
			t.Fatal(err)
		}
		c.maker.Append(u)
		if u.String() != c.want {
			t.Errorf("%+v on %s:\n got %s\nwant %s", c.maker, c.raw, u, c.want)
		}
	}
}

func TestOwnProvenanceOverridesAndEmptyValuesLeaveItAsItIs(t *testing.T) {
	u, err := Parse(upload + "a/a9/Example.jpg?utm_source=a&utm_campaign=b&utm_content=original")
	if err != nil {
		t.Fatal(err)
	}
	u.SetProvenance(Provenance{Campaign: "imageinfo"})
	if want := (Provenance{"a", "imageinfo", "original"}); u.Provenance != want {
		t.Errorf("%+v, want %+v", u.Provenance, want)
	}
}

func TestCampaignsFallIntoClasses(t *testing.T) {
	for campaign, want := range map[string]Class{
		"parser": Web, "index": Web, "job": Web, "api": API, "imageinfo": API, "rest": API,
		"dumps": Dumps, "": Unknown, "Parser": Unknown, "newsletter": Unknown,
	} {
		if got := (Provenance{Campaign: campaign}).Class(); got != want {
			t.Errorf("%q is %s, want %s", campaign, got, want)
		}
	}
}
