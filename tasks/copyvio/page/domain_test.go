package page

import "testing"

func TestTheDomainIsThatWhichSomebodyRegistered(t *testing.T) {
	for address, want := range map[string]string{
		"https://live.staticflickr.com/1/2.jpg":  "staticflickr.com",
		"https://www.BBC.co.uk./news":            "bbc.co.uk",
		"http://ann.github.io:8080/x":            "ann.github.io",
		"https://paypal.com.a.evil.example/":     "evil.example",
		"https://www.xn--mller-kva.de/bild.jpg":  "müller.de",
		"https://www.müller.de/bild.jpg":         "müller.de",
		"https://xn--fiq228c.com/":               "中文.com",
		"https://xn--80ak6aa92e.com/":            "xn--80ak6aa92e.com", // аррӏе, all Cyrillic
		"https://xn--pypal-4ve.com/":             "xn--pypal-4ve.com",  // Latin with a Cyrillic а
		"https://xn--e1afmkfd.xn--p1ai/":         "пример.рф",
		"https://xn--l-jmb.com/":                 "xn--l-jmb.com",
		"http://192.0.2.7/a.jpg":                 "192.0.2.7",
		"http://[2001:db8::1]/a.jpg":             "2001:db8::1",
		"http://localhost/a":                     "localhost",
		"no address":                             "",
		"javascript:alert(1)":                    "",
		"https://xn--a.com/":                     "xn--a.com",
		"https://user:secret@photos.example.org": "example.org",
	} {
		if got := Domain(address); got != want {
			t.Errorf("%s is of %q, want %q", address, got, want)
		}
	}
}

func FuzzDomain(f *testing.F) {
	for _, seed := range []string{"https://www.xn--mller-kva.de/", "http://[::1%25x]/", "https://а.com", "https://\u202e.com", "//x", "https://xn--/"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, address string) { Domain(address) })
}
