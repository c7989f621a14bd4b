package provenance

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"filewarden/bot/wiki/mediaurl"
)

// block is what FORMAT.md has in the fence of that name, line by line.
func block(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "\n```"+name+"\n")
	lines, _, ended := strings.Cut(rest, "\n```")
	if !found || !ended || lines == "" {
		t.Fatalf("FORMAT.md has no block %s", name)
	}
	return strings.Split(lines, "\n")
}

func vectorKeys(t *testing.T) mediaurl.Keys {
	t.Helper()
	keys, err := mediaurl.ParseKeys(strings.Join(block(t, "keys"), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func seconds(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSigningAgreesWithTheVectorsOfTheFormat(t *testing.T) {
	for _, line := range block(t, "sign") {
		v := strings.Fields(line)
		if len(v) != 5 {
			t.Fatalf("a line of five parts: %q", line)
		}
		scheme, id, at, url, want := mediaurl.Scheme(v[0]), v[1], time.Unix(seconds(t, v[2]), 0), v[3], v[4]
		for _, key := range vectorKeys(t) {
			if key.ID != id {
				continue
			}
			signed, err := mediaurl.Keys{key}.Sign(url, scheme, at)
			if err != nil {
				t.Errorf("%s: %v", url, err)
				continue
			}
			if u, err := mediaurl.Parse(signed); err != nil || u.Signature != want {
				t.Errorf("%s %s of %s:\n got %s\nwant %s", scheme, id, url, signed, want)
			}
		}
	}
}

func TestVerifyingAgreesWithTheVectorsOfTheFormat(t *testing.T) {
	seen := map[mediaurl.Standing]bool{}
	for _, line := range block(t, "verify") {
		v := strings.Fields(line)
		if len(v) != 4 {
			t.Fatalf("a line of four parts: %q", line)
		}
		now, fresh := time.Unix(seconds(t, v[0]), 0), time.Duration(seconds(t, v[1]))*time.Second
		got := vectorKeys(t).Verify(v[3], now, fresh)
		if string(got.Standing) != v[2] {
			t.Errorf("%s is %s (%s), want %s", v[3], got.Standing, got.Why, v[2])
		}
		seen[got.Standing] = true
	}
	if len(seen) != 4 {
		t.Errorf("the vectors show only %v", seen)
	}
}
