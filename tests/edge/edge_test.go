package edge

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"filewarden/bot/wiki/mediaurl"
)

func TestMain(m *testing.M) { Main(m) }

var (
	// The first has what trips careless handling of secrets: zero bytes, a line
	// feed, bytes that are no UTF-8, base64 with +, / and padding.
	newKey = mediaurl.Key{ID: "2026b", Secret: []byte("\x00\xfb\xff\xbf\n\x00 a secret of many bytes \x80\xff")}
	oldKey = mediaurl.Key{ID: "2026_a-", Secret: []byte("sixteen bytes ok")}
	both   = mediaurl.Keys{newKey, oldKey}
)

// day is what counts as fresh, here and in the configurations.
const day = 24 * time.Hour

// address is one of a media file, not signed yet. Varnish keeps what it got, so
// each test that looks at the origin has a file of its own.
func address(file, campaign string) string {
	return "/wikipedia/commons/thumb/a/a9/" + file + "/250px-" + file +
		"?utm_source=en.wikipedia.org&utm_campaign=" + campaign + "&utm_content=thumbnail"
}

func sign(t testing.TB, keys mediaurl.Keys, uri string, scheme mediaurl.Scheme, age time.Duration) string {
	t.Helper()
	signed, err := keys.Sign(uri, scheme, time.Now().Add(-age))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// want is what client and origin should see of an address, by what the
// package that everything else has to agree with says of it.
func want(uri string, keys mediaurl.Keys) seen {
	v := keys.Verify("http://edge"+uri, time.Now(), day)
	s := seen{Status: 200, Signature: string(v.Standing), Source: string(v.Class)}
	if v.Standing == mediaurl.Valid || v.Standing == mediaurl.Stale {
		s.Age = strconv.Itoa(int(v.Age / time.Second))
	}
	s.Origin = strings.TrimSpace(s.Signature + " " + s.Source + " " + s.Age)
	if v.Standing == mediaurl.Bad {
		s.Status, s.Origin = 403, ""
	}
	return s
}

// same compares, with some seconds between one clock and the other.
func same(got, want seen) bool {
	a, err := strconv.Atoi(got.Age)
	b, _ := strconv.Atoi(want.Age)
	if err == nil && want.Age != "" && a >= b-1 && a <= b+5 {
		got.Origin = strings.Replace(got.Origin, got.Age, want.Age, 1)
		got.Age = want.Age
	}
	return got == want
}

// each runs a test before every edge.
func each(t *testing.T, test func(t *testing.T, f front)) {
	for _, f := range fronts {
		t.Run(f.name, func(t *testing.T) { test(t, f) })
	}
}

func TestClientAndOriginSeeWhatAnAddressIsWorth(t *testing.T) {
	each(t, func(t *testing.T, f front) {
		r := newRig(t, f, both, "unforged")
		n := 0
		fresh := func(campaign string, scheme mediaurl.Scheme, age time.Duration) string {
			n++
			return sign(t, both, address(fmt.Sprintf("File%d.jpg", n), campaign), scheme, age)
		}
		old := sign(t, mediaurl.Keys{oldKey}, address("Old.jpg", "parser"), mediaurl.H1, time.Hour)
		for name, c := range map[string]struct {
			uri  string
			want string // status, signature, source
		}{
			"good h1":            {fresh("parser", mediaurl.H1, time.Minute), "200 valid web"},
			"good s1":            {fresh("imageinfo", mediaurl.S1, time.Minute), "200 valid api"},
			"good, of a dump":    {fresh("dumps", mediaurl.H1, 23*time.Hour), "200 valid dumps"},
			"good, of something": {fresh("gadget", mediaurl.S1, time.Minute), "200 valid unknown"},
			"good, older key":    {old, "200 valid web"},
			"good, clock ahead":  {fresh("parser", mediaurl.H1, -30*time.Second), "200 valid web"},
			"stale h1":           {fresh("parser", mediaurl.H1, 25*time.Hour), "200 stale web"},
			"stale s1":           {fresh("rest", mediaurl.S1, 1000*day), "200 stale api"},
			"from the future":    {fresh("parser", mediaurl.H1, -time.Hour), "200 stale web"},
			"missing":            {address("None.jpg", "parser"), "200 none web"},
			"no parameters":      {"/wikipedia/commons/a/a9/Plain.jpg", "200 none unknown"},
			"forged h1":          {old[:len(old)-4] + "AAAA", "403 bad web"},
			"forged s1":          {strings.Replace(fresh("parser", mediaurl.S1, 0), ".2026b.", ".2026_a-.", 1), "403 bad web"},
			"scheme changed":     {strings.Replace(old, "=h1.", "=s1.", 1), "403 bad web"},
			"unknown key":        {strings.Replace(old, ".2026_a-.", ".2025.", 1), "403 bad web"},
			"key id as a path":   {strings.Replace(old, ".2026_a-.", ".%2Fetc%2Fpasswd.", 1), "403 bad web"},
			"tampered path":      {strings.Replace(old, "250px-", "960px-", 1), "403 bad web"},
			"tampered wiki":      {strings.Replace(old, "=en.", "=de.", 1), "403 bad web"},
			"tampered source":    {strings.Replace(old, "=parser", "=dumps", 1), "403 bad dumps"},
			"tampered content":   {strings.Replace(old, "=thumbnail", "=original", 1), "403 bad web"},
			"younger than true":  {strings.Replace(old, ".17", ".18", 1), "403 bad web"},
			"doubled":            {old + "&utm_source=en.wikipedia.org", "403 bad web"},
			"doubled signature":  {old + "&utm_term=", "403 bad web"},
			"more behind it":     {old + "&_=20250803222127&x=%0A", "200 valid web"},
			"slash before":       {"/" + old, "403 bad web"},
			"host as path":       {"//x" + old, "403 bad web"},
		} {
			got := r.ask(t, http.MethodGet, c.uri, nil)
			if w := want(c.uri, both); !same(got, w) {
				t.Errorf("%s: %+v, want %+v", name, got, w)
			}
			if s := fmt.Sprint(got.Status, " ", got.Signature, " ", got.Source); s != c.want {
				t.Errorf("%s: %s, want %s", name, s, c.want)
			}
		}
	})
}

// vectors are the URLs that the format's description has for verifiers.
func vectors(t *testing.T) (keys mediaurl.Keys, uris []string) {
	t.Helper()
	f, err := os.Open("../../tasks/provenance/FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	part, text := "", ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line, fence := strings.CutPrefix(lines.Text(), "```")
		switch fields := strings.Fields(line); {
		case fence:
			part = line
		case part == "keys":
			text += line + "\n"
		case part == "verify":
			uri := fields[len(fields)-1]
			if _, rest, ok := strings.Cut(uri, "//"); ok {
				uri = rest[strings.Index(rest, "/"):]
			}
			uri, _, _ = strings.Cut(uri, "#") // no client sends it
			uris = append(uris, uri)
		}
	}
	if keys, err = mediaurl.ParseKeys(text); err != nil {
		t.Fatal(err)
	}
	if len(uris) < 20 {
		t.Fatalf("the description has %d URLs; this test looks for the wrong thing", len(uris))
	}
	return keys, uris
}

func TestEveryEdgeAgreesWithTheDescription(t *testing.T) {
	keys, uris := vectors(t)
	each(t, func(t *testing.T, f front) {
		r := newRig(t, f, keys, "unforged")
		for _, uri := range uris {
			got, w := r.ask(t, http.MethodGet, uri, nil), want(uri, keys)
			got.Origin, w.Origin = "", "" // one file many times: Varnish does not ask again
			if !same(got, w) {
				t.Errorf("%s: %+v, want %+v", uri, got, w)
			}
		}
	})
}

func TestClientsCannotMarkTheirOwnRequests(t *testing.T) {
	good := sign(t, both, address("Good.jpg", "parser"), mediaurl.H1, 0)
	lies := http.Header{
		"X-Original-Uri": {good}, "X-Media-Signature": {"valid"}, "X-Media-Source": {"web"}, "X-Media-Age": {"1"},
		"X-Media-Step": {"done"},
	}
	each(t, func(t *testing.T, f front) {
		r := newRig(t, f, both, "unforged")
		for _, uri := range []string{address("Lie.jpg", "api"), address("Lie.jpg", "api") + "&utm_term=x"} {
			if got, w := r.ask(t, http.MethodGet, uri, lies), want(uri, both); !same(got, w) {
				t.Errorf("%s: %+v, want %+v", uri, got, w)
			}
		}
		// Nor is there a way to the question itself.
		for _, uri := range []string{"/verify", "/-/verify", "/-/unchecked"} {
			if got := r.ask(t, http.MethodGet, uri, lies); got.Signature == "valid" || strings.Contains(got.Origin, "valid") {
				t.Errorf("%s: %+v", uri, got)
			}
		}
	})
}

func TestACachedFileIsRefusedToForgeries(t *testing.T) {
	good := sign(t, both, address("Twice.jpg", "parser"), mediaurl.H1, 0)
	each(t, func(t *testing.T, f front) {
		r := newRig(t, f, both, "unforged")
		for _, uri := range []string{good, good[:len(good)-1], address("Twice.jpg", "api"), good} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				got, w := r.ask(t, method, uri, nil), want(uri, both)
				got.Origin, w.Origin = "", ""
				if !same(got, w) {
					t.Errorf("%s %s: %+v, want %+v", method, uri, got, w)
				}
			}
		}
	})
}

func TestKeysRotateWhileTheEdgeWorks(t *testing.T) {
	older := mediaurl.Keys{oldKey}
	each(t, func(t *testing.T, f front) {
		r := newRig(t, f, older, "unforged")
		byOld := sign(t, older, address("Old.jpg", "parser"), mediaurl.H1, 0)
		byNew := sign(t, both, address("New.jpg", "parser"), mediaurl.H1, 0)
		for _, step := range []struct {
			name          string
			before, after mediaurl.Keys
			old, new      string
		}{
			{"before", older, older, "valid", "bad"},
			{"both", older, both, "valid", "valid"},
			{"after", both, both[:1], "bad", "valid"},
		} {
			r.rotate(t, step.before, step.after)
			o, n := r.ask(t, http.MethodGet, byOld, nil), r.ask(t, http.MethodGet, byNew, nil)
			if o.Signature != step.old || n.Signature != step.new {
				t.Errorf("%s: the old key's is %s, the new one's %s, want %s, %s", step.name, o.Signature, n.Signature, step.old, step.new)
			}
		}
	})
}

func TestTheOperatorDecidesWhatIsRefused(t *testing.T) {
	uris := []string{
		sign(t, both, address("Valid.jpg", "parser"), mediaurl.H1, 0), sign(t, both, address("Stale.jpg", "parser"), mediaurl.H1, 2*day),
		address("None.jpg", "parser"), address("Bad.jpg", "parser") + "&utm_term=x",
	}
	deny := func(s string) string {
		return "http-request deny deny_status 403 if { var(txn.signature) -m str " + s + " }"
	}
	for require, c := range map[string]struct {
		native []string // what its comments say is to be changed
		want   string
	}{
		"none":   {[]string{deny("bad"), ""}, "[200 200 200 200]"},
		"signed": {[]string{"#" + deny("none"), deny("none")}, "[200 200 403 403]"},
		"valid":  {[]string{"#" + deny("none"), deny("none"), "#" + deny("stale"), deny("stale")}, "[200 403 403 403]"},
	} {
		t.Run(require, func(t *testing.T) {
			each(t, func(t *testing.T, f front) {
				var more []string
				if !f.asks {
					more = c.native
				}
				r := newRig(t, f, both, require, more...)
				var got []int
				for _, uri := range uris {
					got = append(got, r.ask(t, http.MethodGet, uri, nil).Status)
				}
				if fmt.Sprint(got) != c.want {
					t.Errorf("%v, want %s", got, c.want)
				}
			})
		})
	}
}

func TestReadersGetTheirPicturesWhenTheServiceIsAway(t *testing.T) {
	each(t, func(t *testing.T, f front) {
		if !f.asks {
			t.Skip("this edge asks nobody")
		}
		r := newRig(t, f, both, "unforged")
		r.serving.end()
		lies := http.Header{"X-Media-Signature": {"valid"}}
		for i := range 3 {
			if got := r.ask(t, http.MethodGet, address(fmt.Sprint("Away", i, ".jpg"), "parser"), lies); got != (seen{Status: 200}) {
				t.Errorf("%+v, want 200 without marks", got)
			}
		}
		r.serve(t, "unforged")
		uri := sign(t, both, address("Back.jpg", "parser"), mediaurl.H1, 0)
		until(t, "signatures are seen again", r.fronting, func() bool { return r.ask(t, http.MethodGet, uri, nil).Signature == "valid" })
	})
}

func TestLogsHoldNoSignatures(t *testing.T) {
	each(t, func(t *testing.T, f front) {
		r := newRig(t, f, both, "unforged")
		good := sign(t, both, address("Logged.jpg", "parser"), mediaurl.H1, 0)
		logged := func() string {
			text, err := os.ReadFile(r.log)
			if err != nil { // it logs to where we read what it says
				return r.fronting.said.String()
			}
			return r.fronting.said.String() + string(text)
		}
		// Logs are written behind the answers, and not one for each when in haste.
		until(t, "the log says what was served", r.fronting, func() bool {
			r.ask(t, http.MethodGet, good, nil)
			r.ask(t, http.MethodGet, good[:len(good)-1], nil)
			return f.name == "varnish" || strings.Contains(logged(), "250px-Logged.jpg") && strings.Contains(logged(), "signature=valid source=web age=")
		})
		r.fronting.end()
		logs := logged()
		if r.serving != nil {
			r.serving.end()
			logs += r.serving.said.String()
		}
		if strings.Contains(logs, "utm_term") || strings.Contains(logs, good[len(good)-20:]) {
			t.Errorf("a log has the signature: %s", logs)
		}
	})
}
