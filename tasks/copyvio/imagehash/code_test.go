package imagehash

import (
	"encoding/json"
	"strings"
	"testing"
)

const example = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22"

func TestTextOfHashesIsThatOfOtherTools(t *testing.T) {
	c, err := ParseCode(example)
	if err != nil || c.String() != example {
		t.Errorf("%v, %v", c, err)
	}
	if c[0] != 0xd8f8f0cee0f4a84f || c.Bytes()[0] != 0xd8 || c.Bytes()[31] != 0x22 {
		t.Errorf("the first digits are not the first word and byte: %x, %x", c[0], c.Bytes())
	}
	if upper, err := ParseCode(strings.ToUpper(example)); err != nil || upper != c {
		t.Errorf("upper case: %v, %v", upper, err)
	}
	h, err := ParsePHash("0a84c36bd3c36600")
	if err != nil || h != 0x0a84c36bd3c36600 || h.String() != "0a84c36bd3c36600" {
		t.Errorf("%v, %v", h, err)
	}
}

func TestWhatIsNoHashIsRefused(t *testing.T) {
	for _, text := range []string{"", "d8", example[1:], example + "0", "x" + example[1:], " " + example[1:], strings.Repeat("é", 32)} {
		if c, err := ParseCode(text); err == nil {
			t.Errorf("%q passes for a PDQ hash: %v", text, c)
		}
		if h, err := ParsePHash(text); err == nil {
			t.Errorf("%q passes for a pHash: %v", text, h)
		}
	}
}

func TestAPrintSurvivesJSON(t *testing.T) {
	want := open(t, "testdata/pdq/square-128x128.jpg").Print()
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Print
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		t.Errorf("%s: %v, %v", data, got, err)
	}
	for _, part := range []string{`"pdq":"d8f8f1eec0f4`, `"quality":100`, `"phash":"`, `"made":"pdq1.phash1 go1.`} {
		if !strings.Contains(string(data), part) {
			t.Errorf("%s lacks %s", data, part)
		}
	}
}

func TestDistanceCountsEveryBit(t *testing.T) {
	zero := Code{}
	for bit := range 256 {
		one := Code{}
		one[bit/64] = 1 << (bit % 64)
		if zero.Distance(one) != 1 || one.Distance(one) != 0 {
			t.Errorf("bit %d does not count", bit)
		}
	}
	if d := PHash(0xf0f0).Distance(0x0ff0); d != 8 {
		t.Errorf("distance is %d, want 8", d)
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add(example)
	f.Add(example[:16])
	f.Add(strings.Repeat("g", 64))
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseCode(text); err == nil && c.String() != strings.ToLower(text) {
			t.Errorf("%q is read as %v", text, c)
		}
		if h, err := ParsePHash(text); err == nil && h.String() != strings.ToLower(text) {
			t.Errorf("%q is read as %v", text, h)
		}
	})
}
