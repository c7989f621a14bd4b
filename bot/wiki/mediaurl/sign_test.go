package mediaurl

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var (
	noon    = time.Unix(1790000000, 0)
	newKey  = Key{ID: "new", Secret: []byte("a new secret of enough bytes")}
	oldKey  = Key{ID: "old", Secret: []byte("an old secret of enough bytes")}
	article = thumbs + "a/a9/Example.jpg/250px-Example.jpg" + params
)

func sign(t *testing.T, keys Keys, raw string) string {
	t.Helper()
	signed, err := keys.Sign(raw, H1, noon)
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return signed
}

func TestTheFirstKeySignsAndAllVerify(t *testing.T) {
	before := sign(t, Keys{oldKey}, article)
	rotated := Keys{newKey, oldKey}
	after := sign(t, rotated, article)
	for signed, id := range map[string]string{before: "old", after: "new"} {
		if v := rotated.Verify(signed, noon, time.Hour); v.Standing != Valid || v.KeyID != id || v.Class != Web {
			t.Errorf("%+v, want valid by key %s", v, id)
		}
	}
	if v := (Keys{newKey}).Verify(before, noon, time.Hour); v.Standing != Bad {
		t.Errorf("a key that was removed still verifies: %+v", v)
	}
	if v := (Keys{{ID: "old", Secret: newKey.Secret}}).Verify(before, noon, time.Hour); v.Standing != Bad {
		t.Errorf("another secret of the same id verifies: %+v", v)
	}
	if v := (Keys{}).Verify(before, noon, time.Hour); v.Standing != Bad {
		t.Errorf("without keys: %+v", v)
	}
}

func TestASignatureIsStaleWhenItIsOldOrFromTheFuture(t *testing.T) {
	keys := Keys{newKey}
	signed := sign(t, keys, article)
	for after, want := range map[time.Duration]Standing{
		0: Valid, time.Hour: Valid, time.Hour + time.Second: Stale, 1e6 * time.Hour: Stale,
		-Skew: Valid, -Skew - time.Second: Stale,
	} {
		if v := keys.Verify(signed, noon.Add(after), time.Hour); v.Standing != want || v.Age != after {
			t.Errorf("%s after signing: %+v, want %s", after, v, want)
		}
	}
}

func TestASignatureCoversWhatTheFormatSaysAndNothingElse(t *testing.T) {
	keys := Keys{newKey}
	signed := sign(t, keys, article+"&_=1")
	for _, c := range []struct {
		from, to string
		want     Standing
	}{
		{"", "", Valid},
		{"thumb.wikimedia.org", "upload.wikimedia.org", Valid},
		{"https:", "", Valid},
		{"https://thumb.wikimedia.org", "", Valid},
		{"&_=1", "", Valid},
		{"&_=1", "&_=2&download#x", Valid},
		{"Example", "Ex%61mple", Valid},
		{"250px", "330px", Bad},
		{"/a/a9/", "/a//a9/", Bad},
		{"/a/a9/", "/a/./a9/", Bad},
		{"en.wikipedia.org", "de.wikipedia.org", Bad},
		{"en.wikipedia.org", "en.wikipedia.org+", Bad},
		{"parser", "imageinfo", Bad},
		{"=thumbnail", "=original", Bad},
		{"utm_content=thumbnail&", "", Bad},
		{"1790000000", "1790000001", Bad},
		{"1790000000", "+1790000000", Bad},
		{"h1.", "h2.", Bad},
		{"h1.", "s1.", Bad},
		{".new.", ".", Bad},
		{".new.", "..", Bad},
		{".new.", ".new.new.", Bad},
		{"&utm_term", "&utm_term=&utm_term", Bad},
		{"&utm_campaign", "&utm_source&utm_campaign", Bad},
		{"&utm_campaign", "&utm%5Fsource=en.wikipedia.org&utm_campaign", Bad},
		{"1790000000.", "1790000000.%0A", Bad},
		{"utm_term", "utm_terms", None},
	} {
		raw := strings.Replace(signed, c.from, c.to, 1)
		if v := keys.Verify(raw, noon, time.Hour); v.Standing != c.want || (v.Standing == Bad) != (v.Why != "") {
			t.Errorf("%s for %s: %+v, want %s", c.to, c.from, v, c.want)
		}
	}
}

func TestAWholeQueryOfTwoSignaturesIsBadWhicheverIsRight(t *testing.T) {
	keys := Keys{newKey}
	u, _ := Parse(sign(t, keys, article))
	for _, two := range []string{"utm_term=x&utm_term=" + u.Signature, "utm_term=" + u.Signature + "&utm_term=x"} {
		if v := keys.Verify(article+"&"+two, noon, time.Hour); v.Standing != Bad {
			t.Errorf("%s: %+v", two, v)
		}
	}
}

func TestEverySchemeSignsInPlaceOfAFormerSignature(t *testing.T) {
	keys := Keys{newKey}
	for scheme, length := range map[Scheme]int{H1: 43, S1: 27} {
		signed, err := keys.Sign(article+"&_=1&utm_term=former", scheme, noon)
		if err != nil {
			t.Fatal(err)
		}
		u, err := Parse(signed)
		if err != nil || !strings.HasPrefix(u.Signature, string(scheme)+".new.1790000000.") || len(u.Signature) != length+len("h1.new.1790000000.") {
			t.Errorf("%s: %s, %v", scheme, signed, err)
		}
		if !strings.HasSuffix(signed, "&utm_term="+u.Signature+"&_=1") {
			t.Errorf("the signature is not where it belongs: %s", signed)
		}
		if v := keys.Verify(signed, noon, time.Hour); v.Standing != Valid {
			t.Errorf("%s: %+v", scheme, v)
		}
	}
}

func TestWhatCannotBeSignedIsRefused(t *testing.T) {
	good := Keys{newKey}
	short := Keys{{ID: "k", Secret: []byte("fifteen bytes..")}}
	dotted := Keys{{ID: "a.b", Secret: newKey.Secret}}
	for _, c := range []struct {
		keys   Keys
		raw    string
		scheme Scheme
		at     time.Time
		want   error
	}{
		{nil, article, H1, noon, ErrUnsignable},
		{short, article, H1, noon, ErrUnsignable},
		{dotted, article, H1, noon, ErrUnsignable},
		{good, article, "h9", noon, ErrUnsignable},
		{good, article, H1, time.Time{}, ErrUnsignable},
		{good, "https://example.org/", H1, noon, ErrNoMedia},
		{good, "/wiki/Special:FilePath/Example.jpg", H1, noon, ErrUnsignable},
		{good, "/wiki/Special:Redirect/file/Example.jpg", H1, noon, ErrUnsignable},
		{good, "/w/thumb.php?f=Example.jpg&w=20", H1, noon, ErrUnsignable},
		{good, upload + "a/ab/A%0A.jpg", H1, noon, ErrUnsignable},
		{good, upload + "a/a9/Example.jpg?utm_source=a%00", H1, noon, ErrUnsignable},
	} {
		signed, err := c.keys.Sign(c.raw, c.scheme, c.at)
		if !errors.Is(err, c.want) || signed != "" {
			t.Errorf("%s: %q, %v; want %v", c.raw, signed, err, c.want)
		}
	}
}

func TestAWeakKeyProvesNothing(t *testing.T) {
	weak := Key{ID: "weak", Secret: []byte("short")}
	path := "/images/a/a9/Example.jpg"
	text, _ := signedText(path, Provenance{}, "1790000000")
	signed := path + "?utm_term=" + token{H1, weak.ID, noon.Unix(), weak.mac(H1, text)}.String()
	if v := (Keys{weak}).Verify(signed, noon, time.Hour); v.Standing != Bad {
		t.Errorf("%+v", v)
	}
}

// FuzzVerify claims that nothing but a signature verifies, and that what is
// signed does.
func FuzzVerify(f *testing.F) {
	for _, raw := range seeds {
		f.Add(raw, "h1.new.1790000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	}
	keys := Keys{newKey}
	f.Fuzz(func(t *testing.T, raw, signature string) {
		if v := keys.Verify(raw+"?utm_term="+signature, noon, time.Hour); v.Standing == Valid || v.Standing == Stale {
			t.Fatalf("%q with %q: %+v", raw, signature, v)
		}
		signed, err := keys.Sign(raw, S1, noon)
		if err != nil {
			return
		}
		if v := keys.Verify(signed, noon, time.Hour); v.Standing != Valid {
			t.Fatalf("%q became %q: %+v", raw, signed, v)
		}
	})
}
