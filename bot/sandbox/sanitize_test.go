package sandbox

import "testing"

func TestSanitizeKeepsOnlyWhatIsListed(t *testing.T) {
	for source, want := range map[string]string{
		`<a href="javascript:alert(1)">x</a>`:            `<a>x</a>`,
		`<a href="/wiki/A" onclick="x()">x</a>`:          `<a href="/wiki/A">x</a>`,
		`<script>alert(1)</script>y`:                     `y`,
		`<style>a{}</style>y`:                            `y`,
		`<img src="https://evil.example/x.png" alt="a">`: `<img alt="a">`,
		`<img src="/images/a/ab/A.png">`:                 `<img src="/images/a/ab/A.png">`,
		`<svg><script>x</script></svg><form>z</form>`:    `z`,
		`<span style="width:4em">a</span>`:               `<span style="width:4em">a</span>`,
		`<span style="background:url(/x)">a</span>`:      `<span>a</span>`,
		`<b>open`: `<b>open</b>`,
	} {
		if got := string(sanitize(source, []string{"/images/"})); got != want {
			t.Errorf("%s became %s, want %s", source, got, want)
		}
	}
}
