package mediaurl

import "testing"

func TestTheNextStepIsTheSmallestThatIsWideEnough(t *testing.T) {
	for width, want := range map[int]int{-1: 20, 0: 20, 1: 20, 20: 20, 21: 40, 250: 250, 251: 330, 1921: 3840, 3840: 3840, 3841: 0} {
		step, ok := NextStep(width)
		if step != want || ok != (want != 0) {
			t.Errorf("%d: %d, %v; want %d", width, step, ok, want)
		}
		if IsStep(width) != (width == want) {
			t.Errorf("IsStep(%d) is %v", width, IsStep(width))
		}
	}
}

func TestAWidthIsAdjustedAsMediaWikisScriptsDo(t *testing.T) {
	for _, c := range []struct {
		width, original int
		vector          bool
		want            int
	}{
		{300, 1000, false, 330},
		{300, 310, false, 310}, // the step is wider than the original
		{300, 310, true, 330},  // SVG is scaled up
		{330, 330, false, 330},
		{4000, 5000, false, 4000}, // beyond the last step
		{300, 0, false, 330},      // of unknown width
	} {
		if got := AdjustWidth(c.width, c.original, c.vector); got != c.want {
			t.Errorf("%d of %d (vector %v): %d, want %d", c.width, c.original, c.vector, got, c.want)
		}
	}
}

func TestTheAddressThatFitsAWidth(t *testing.T) {
	for _, c := range []struct {
		raw             string
		width, original int
		want            string
	}{
		{upload + "thumb/a/a9/Example.jpg/300px-Example.jpg", 300, 1000, upload + "thumb/a/a9/Example.jpg/330px-Example.jpg"},
		{upload + "a/a9/Example.jpg", 300, 1000, upload + "thumb/a/a9/Example.jpg/330px-Example.jpg"},
		{thumbs + "a/a9/Example.jpg/300px-Example.jpg", 300, 310, upload + "a/a9/Example.jpg"},
		{thumbs + "a/a9/Example.jpg/250px-Example.jpg?utm_source=s&utm_content=thumbnail&utm_term=t&x=1", 300, 330, upload + "a/a9/Example.jpg?utm_source=s&utm_content=thumbnail_unscaled&x=1"},
		{upload + "a/a9/Example.jpg?utm_content=original", 20, 1000, upload + "thumb/a/a9/Example.jpg/20px-Example.jpg?utm_content=thumbnail"},
		{upload + "thumb/a/a9/Example.jpg/300px-Example.jpg", 5000, 4500, upload + "a/a9/Example.jpg"},
		{upload + "thumb/a/a9/Example.jpg/300px-Example.jpg", 4000, 4500, upload + "thumb/a/a9/Example.jpg/4000px-Example.jpg"},
		{upload + "thumb/a/ab/F.svg/langde-22px-F.svg.png", 300, 16, upload + "thumb/a/ab/F.svg/langde-330px-F.svg.png"},
		{upload + "thumb/a/ab/F.tif/lossy-page3-300px-F.tif.jpg", 300, 310, upload + "thumb/a/ab/F.tif/lossy-page3-310px-F.tif.jpg"},
		{upload + "thumb/a/ab/F.pdf/page1-300px-F.pdf.jpg", 9000, 310, upload + "thumb/a/ab/F.pdf/page1-310px-F.pdf.jpg"},
		{upload + "archive/a/a9/20200131235959%21Example.jpg", 100, 0, upload + "thumb/archive/a/a9/20200131235959%21Example.jpg/120px-Example.jpg"},
		{thumbs + "archive/a/a9/20200131235959%21Example.jpg/100px-Example.jpg", 100, 90, upload + "archive/a/a9/20200131235959%21Example.jpg"},
		{"/wiki/Special:FilePath/Example.jpg", 300, 0, "/wiki/Special:FilePath/Example.jpg?width=330"},
		{"/w/thumb.php?f=Example.jpg&width=300", 300, 0, "/w/thumb.php?f=Example.jpg&width=330"},
		{"/w/thumb_handler.php/a/a9/Example.jpg/300px-Example.jpg", 300, 310, "/w/thumb_handler.php/a/a9/Example.jpg/310px-Example.jpg"},
		{upload + "transcoded/a/ab/F.webm/F.webm.480p.webm", 300, 1000, upload + "transcoded/a/ab/F.webm/F.webm.480p.webm"},
	} {
		u, err := Parse(c.raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Fitting(c.width, c.original).String(); got != c.want {
			t.Errorf("%s at %d of %d:\n got %s\nwant %s", c.raw, c.width, c.original, got, c.want)
		}
		if before, _ := Parse(c.raw); u.String() != before.String() {
			t.Errorf("%s was changed to %s", c.raw, u)
		}
	}
}
