package sandbox

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is a person: cookies, pages, forms.
type browser struct {
	*client
	base string
}

func browse(t *testing.T, w *Wiki) browser {
	c := serve(t, w)
	return browser{c, strings.TrimSuffix(c.api, "/api.php")}
}

func (b browser) page(path string) string {
	b.t.Helper()
	resp, err := b.http.Get(b.base + path)
	return b.body(resp, err)
}

func (b browser) submit(path string, pairs ...string) string {
	b.t.Helper()
	form := values(pairs)
	resp, err := b.http.PostForm(b.base+path, form)
	return b.body(resp, err)
}

func (b browser) body(resp *http.Response, err error) string {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	b.last = resp
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

var hidden = regexp.MustCompile(`name="wpEditToken" value="([^"]*)"`)

func (b browser) become(user string) {
	b.t.Helper()
	form := hidden.FindStringSubmatch(b.page("/wiki/Special:UserLogin"))
	b.submit("/wiki/Special:UserLogin", "user", user, "wpEditToken", form[1])
}

func TestRenderedPagesRunNothing(t *testing.T) {
	w := New(Options{})
	for _, evil := range []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<b onclick="alert(1)">x</b>`, `[javascript:alert(1) x]`,
		`<span style="background:url(javascript:1)">x</span>`, `<a href="javascript:alert(1)">x</a>`, `<iframe src="//evil"></iframe>`,
		`[[File:x.png|<script>alert(1)</script>]]`, `{| onclick="alert(1)"` + "\n| <script>alert(1)</script>\n|}", `<nowiki><script>alert(1)</script></nowiki>`,
		`<gallery>` + "\nA.png|<script>alert(1)</script>\n</gallery>", `[https://e.org/"onmouseover="alert(1) x]`, `[[Main Page|<img src=x onerror=alert(1)>]]`,
		"== <script>alert(1)</script> ==", `<pre><script>alert(1)</script></pre>`, `<svg/onload=alert(1)>`, `<style>*{}</style>`, `<span style="position:fixed;top:0">x</span>`,
	} {
		p, _ := w.parseTitle("Test", 0)
		got := string(w.render(p, nil, evil, "wikitext", ""))
		for _, bad := range []string{"<script", "<iframe", "onerror=alert(1)>", "<svg", "<style", `href="javascript`, "<img"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s became %s", evil, got)
			}
		}
		if regexp.MustCompile(`<[a-z][^>]*\s(on[a-z]+|style="[^"]*(url|fixed))`).MatchString(got) {
			t.Errorf("%s became %s", evil, got)
		}
	}
}

func TestWikitextRenders(t *testing.T) {
	w := New(Options{})
	w.Edit("Admin", "Template:Hello", "Hello '''{{{1|you}}}'''<noinclude> documentation</noinclude>", "")
	w.Edit("Admin", "Exists", "x", "")
	for source, want := range map[string]string{
		"''a'' and '''b'''": "<i>a</i> and <b>b</b>",
		"{{Hello|Bob}}":     "Hello <b>Bob</b>",
		"{{Hello}}":         "Hello <b>you</b>",
		"[[Exists|it]]s":    `<a href="/wiki/Exists" title="Exists">its</a>`,
		"[[Missing]]":       `class="new"`,
		"* a\n* b\n** c":    "<ul><li>a\n</li><li>b\n<ul><li>c\n</li></ul></li></ul>",
		"{| class=wikitable\n! H\n|-\n| a || b\n|}":   `<table class="wikitable"><tbody><tr><th>H</th></tr>`,
		"{{PLURAL:1|use|uses}} {{PLURAL:3|use|uses}}": "use uses",
		"<nowiki>''[[x]]''</nowiki>":                  "&#39;&#39;[[x]]&#39;&#39;",
		"[https://example.org/?a=1 label]":            `<a class="external" href="https://example.org/?a=1" rel="nofollow">label</a>`,
		"<!-- gone -->shown":                          "<p>shown",
		"[[commons:File:A.png]]":                      `href="https://commons.wikimedia.org/wiki/File:A.png"`,
		"{{Nope}}":                                    "Template:Nope",
		"#REDIRECT [[Exists]]":                        "Exists",
	} {
		p, _ := w.parseTitle("Test", 0)
		if got := string(w.render(p, nil, source, "wikitext", "")); !strings.Contains(got, want) {
			t.Errorf("%q became\n%s\nwithout %s", source, got, want)
		}
	}
}

func TestHeadingsHaveTheirAnchors(t *testing.T) {
	w := New(Options{})
	p, _ := w.parseTitle("Test", 0)
	got := string(w.render(p, nil, "== Uses of [[x]] & ''y'' ==\n== Same ==\n== same ==", "wikitext", ""))
	for _, want := range []string{`id="Uses_of_x_&amp;_y"`, `id="Same"`, `id="same_2"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestPersonEditsThroughPrefilledLink(t *testing.T) {
	w := New(Options{Clock: newClock().now})
	w.AddUser("Alice", "")
	w.Edit("Admin", "User:Bot/Requests/preload", "<includeonly>mute $1</includeonly><noinclude>doc</noinclude>", "")
	b := browse(t, w)
	b.become("Alice")
	form := b.page("/index.php?" + url.Values{"title": {"User:Bot/Requests"}, "action": {"edit"}, "section": {"new"}, "preload": {"User:Bot/Requests/preload"},
		"preloadtitle": {"Mute a file"}, "preloadparams[]": {"File:A.png"}}.Encode())
	if !strings.Contains(form, "mute File:A.png") || strings.Contains(form, "doc</textarea>") || !strings.Contains(form, `value="Mute a file"`) {
		t.Fatalf("the form is not filled:\n%s", form)
	}
	b.submit("/index.php?title=User:Bot/Requests&action=submit", "wpEditToken", hidden.FindStringSubmatch(form)[1], "wpSection", "new",
		"wpSectionTitle", "Mute a file", "wpTextbox1", "mute File:A.png", "wpSave", "1")
	text, _ := w.Text("User:Bot/Requests")
	if h := w.History("User:Bot/Requests"); text != "== Mute a file ==\n\nmute File:A.png" || h[0].User != "Alice" {
		t.Errorf("saved %q by %v", text, h)
	}
}

func TestSummaryShowsItsLinksAndNoOtherMarkup(t *testing.T) {
	w := New(Options{})
	got := string(w.comment("/* A & b */ <b>x</b> [[User:Bot/Stop|stop <i>]] [[Main Page]] [[<]]"))
	want := "→ A &amp; b: &lt;b&gt;x&lt;/b&gt; " + `<a href="/wiki/User:Bot/Stop">stop &lt;i&gt;</a> <a href="/wiki/Main_Page">Main Page</a> [[&lt;]]`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	w := New(Options{})
	b := browse(t, w)
	b.become("Admin")
	b.submit("/index.php?title=X&action=submit", "wpTextbox1", "evil", "wpSave", "1", "wpEditToken", `+\`)
	if _, ok := w.Text("X"); ok || b.last.StatusCode != http.StatusForbidden {
		t.Errorf("saved without a token, status %d", b.last.StatusCode)
	}
}

func TestEveryViewOpens(t *testing.T) {
	f := NewFarm(Options{Name: "commonswiki", SiteName: "Wikimedia Commons"}, Options{Name: "dewiki", Language: "de", Server: "https://de.example.org"})
	w := f.Repo
	w.Upload("Alice", "File:A.png", []byte("\x89PNG\r\n\x1a\n"), "first")
	w.Upload("Bob", "File:A.png", []byte("\x89PNG\r\n\x1a\n2"), "second")
	f.Clients[0].Edit("Bob", "Seite", "[[Datei:A.png]]", "")
	w.Edit("Alice", "Gallery", "<gallery>\nA.png|one\n</gallery>\n[[Category:Pics]]", "")
	w.Edit("Bob", "Gallery", "changed\n[[Category:Pics]]", "why")
	w.Edit("Admin", "User:Alice/Filewarden.json", `{"a":[1,"x",null,{}]}`, "")
	w.NewSection("Bob", "User talk:Alice", "Hi", "there ~~~~")
	b := browse(t, w)
	b.become("Alice")
	for path, want := range map[string]string{
		"/": "Wikimedia Commons", "/wiki/File:A.png": "Global file usage", "/wiki/Gallery": "catlinks", "/index.php?title=Gallery&action=history": "why",
		"/index.php?title=Gallery&diff=cur&oldid=" + idText(w.History("Gallery")[0].ID): "diffchange", "/wiki/Category:Pics": "Gallery",
		"/wiki/User:Alice/Filewarden.json": "mw-json", "/wiki/User_talk:Alice": `id="Hi"`, "/wiki/Special:RecentChanges": "Gallery", "/wiki/Special:Notifications": "left a message",
		"/wiki/Special:ListFiles": "gallerybox", "/wiki/Special:Contributions/Bob": "Gallery", "/wiki/Special:AllPages": "User talk", "/wiki/Special:Log": "uploaded",
		"/wiki/Nothing": "no text on this page", "/wiki/A%3Cb": "invalid characters", "/wiki/Special:Nope": "No such special page", "/index.php?title=Gallery&action=raw": "changed",
		"/index.php?title=User:Alice/Filewarden.json&action=edit": "Save changes", "/index.php?title=MediaWiki:X.js&action=edit": "readonly", "/wiki/Special:WhatLinksHere/File:A.png": "Pages that link",
		"/index.php?title=User_talk:Alice&action=edit&section=1": "== Hi ==",
	} {
		if got := b.page(path); !strings.Contains(got, want) {
			t.Errorf("%s (status %d) has no %q:\n%.2000s", path, b.last.StatusCode, want, got)
		}
	}
}
