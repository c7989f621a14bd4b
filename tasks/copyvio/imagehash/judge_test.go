package imagehash

import "testing"

func TestTheRuleOfEvidence(t *testing.T) {
	for _, c := range []struct {
		pdq, phash int
		want       Verdict
	}{
		{0, 64, Sure}, {31, 64, Sure}, {32, 12, Likely}, {32, 13, Different}, {60, 12, Likely}, {60, 0, Likely}, {61, 0, Different}, {128, 0, Different},
	} {
		if got := Judge(c.pdq, c.phash); got != c.want {
			t.Errorf("PDQ %d, pHash %d: %v, want %v", c.pdq, c.phash, got, c.want)
		}
	}
}

func TestBothHashesMustAgreeInOneOrientation(t *testing.T) {
	m := newMade(1)
	q := m.query()
	p := m.near(q.Faces[Turned90], 40, 30).print()
	p.PHash = q.Faces[Turned180].PHash
	if verdict, in := Alike(q, p); verdict != Different {
		t.Errorf("%v, %v; the hashes agree in different orientations", verdict, in)
	}
	p = m.near(q.Faces[Turned90], 40, 12).print()
	if verdict, in := Alike(q, p); verdict != Likely || in != Turned90 {
		t.Errorf("%v, %v; want likely, turned 90°", verdict, in)
	}
}

func TestTheSurestOrientationIsTold(t *testing.T) {
	m := newMade(2)
	f := m.face()
	q := Query{Quality: 100, Faces: []Face{m.near(f, 40, 0), m.near(f, 31, 40), m.near(f, 20, 40)}}
	if verdict, in := Alike(q, f.print()); verdict != Sure || in != Turned180 {
		t.Errorf("%v, %v; want sure, by the nearest", verdict, in)
	}
}

func TestAPictureOfTooLittleQualityIsLikeNoOther(t *testing.T) {
	f := newMade(3).face()
	good, poor := f.print(), f.print()
	poor.Quality = LeastQuality - 1
	for _, c := range []struct{ q, p Print }{{poor, good}, {good, poor}} {
		if verdict, _ := Alike(c.q.Query(), c.p); verdict != Different {
			t.Errorf("quality %d beside %d: %v", c.q.Quality, c.p.Quality, verdict)
		}
	}
	good.Quality = LeastQuality
	if verdict, _ := Alike(good.Query(), good); verdict != Sure {
		t.Errorf("just enough quality: %v", verdict)
	}
}
