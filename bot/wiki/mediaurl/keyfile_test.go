package mediaurl_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/bot/wiki/mediaurl"

	"github.com/google/go-cmp/cmp"
)

// secret is one in base64, of n times the same byte.
func secret(b string, n int) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(b, n)))
}

func TestKeysStandInTheirOrder(t *testing.T) {
	got, err := mediaurl.ParseKeys("# new\n\n k-2 \t" + secret("b", 16) + " \r\nk_1 " + secret("a", 32))
	if err != nil {
		t.Fatal(err)
	}
	want := mediaurl.Keys{{ID: "k-2", Secret: []byte(strings.Repeat("b", 16))}, {ID: "k_1", Secret: []byte(strings.Repeat("a", 32))}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBrokenKeysAreRefusedWithoutBeingShown(t *testing.T) {
	good := "k1 " + secret("a", 16) + "\n"
	for name, c := range map[string]struct{ text, want string }{
		"none":      {"# nothing\n", "there is no key"},
		"short":     {good + "k2 " + secret("z", 15), "line 2: the secret has 15 bytes"},
		"no base64": {"k2 hunter2hunter2hunter2hunter2!", "line 1: the secret is no base64"},
		"no id":     {secret("z", 16), "line 1: a line holds"},
		"more":      {"k2 " + secret("z", 16) + " more", "line 1: a line holds"},
		"dotted id": {"k.2 " + secret("z", 16), "line 1: an id has"},
		"twice":     {good + good, "line 2: a key above has the same id"},
	} {
		_, err := mediaurl.ParseKeys(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "enp6")) {
			t.Errorf("%s: the error shows the secret: %v", name, err)
		}
	}
}

func TestKeysThatOthersCanReadAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("k1 "+secret("a", 16)), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, fine := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o640: false, 0o644: false, 0o660: false, 0o604: false} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := mediaurl.ReadKeys(path); (err == nil) != fine {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}

func TestASecretIsReadInEachOfItsSpellings(t *testing.T) {
	want := []byte("\xfb\xff\xfe0123456789abcde")
	for _, text := range []string{
		base64.StdEncoding.EncodeToString(want), base64.RawStdEncoding.EncodeToString(want),
		base64.URLEncoding.EncodeToString(want), base64.RawURLEncoding.EncodeToString(want),
		"hex:" + hex.EncodeToString(want), "hex:" + strings.ToUpper(hex.EncodeToString(want)),
	} {
		keys, err := mediaurl.ParseKeys("k " + text)
		if err != nil || !bytes.Equal(keys[0].Secret, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"hex:abc", "hex:zz", "ab!c"} {
		if _, err := mediaurl.ParseKeys("k " + text); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

func TestNoPrintingOfAKeyShowsItsSecret(t *testing.T) {
	keys := mediaurl.Keys{{ID: "k1", Secret: []byte("hunter2hunter2hunter2")}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, of := range []any{keys, keys[0], &keys[0]} {
			text := fmt.Sprintf(verb, of)
			if strings.Contains(text, "hunter") || strings.Contains(text, "104") || strings.Contains(text, "68756e") || strings.Contains(text, "0x68") {
				t.Errorf("%s: %s", verb, text)
			}
		}
	}
}
