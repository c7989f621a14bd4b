package e2e_test

import (
	"strconv"
	"strings"
	"testing"
	"unicode"

	"filewarden/tests/realwiki"

	"github.com/google/go-cmp/cmp"
)

// evil tries everything by which text becomes more than text on a wiki page.
// It is fit to stand in a string of JavaScript, CSS or Lua.
const evil = `</pre></syntaxhighlight></nowiki>{{Evil}}{{subst:Evil}}{{#if:1|Evil}}[[Category:Evil]][[File:Evil.png]][[Evil link]]~~~~~<ref>evil</ref>` +
	`<script>evil()</script><img src=x onerror=evil()> __NOINDEX__ __NOTOC__ https://evil.example/ [//evil.example evil] {{{1}}} |} |- == Evil == <!-- evil` +
	"\u202e\u2066\u200b '''bold''' &lt;b&gt; &#123;&#123;Evil}} ISBN 978-0-306-40615-7 <!-- Filewarden: end -->"

func TestForeignCodeNeverBecomesLive(t *testing.T) {
	s := newCodeStage(t)
	s.admin("Template:Evil", `<b class="evillive">Evil</b>[[Category:Evil]]`)
	s.admin("Category:Evil", "x")
	s.Upload(s.Admin, "Evil.png", realwiki.PNG(1))
	quoted := strings.ReplaceAll(evil, "'", `"`)
	title := "MediaWiki:Gadget-'' ''it's & b!~~ (𝒳) \"q\"; × " + strings.Repeat("é", 70) + ".js"
	for page, text := range map[string]string{
		definitionPage:                 "* evil-box[ResourceLoader]|" + strings.TrimPrefix(title, "MediaWiki:Gadget-") + "|evil.js\n",
		title:                          offStep + "document.images[ 0 ].src += '?" + quoted + "';\n",
		"MediaWiki:Gadget-evil.js":     "// filewarden-ignore TS001: " + evil + "\n" + offStep + "// filewarden-ignore " + evil + "\n" + fromTail + "$( 'img[src$=\".png\"] " + strings.ReplaceAll(quoted, `"`, "") + "' );\n",
		"MediaWiki:Gadget-broken.js":   offStep + "var '" + quoted + "' = {{Evil}};\n",
		"MediaWiki:Gadget-many.js":     strings.Repeat("document.images[ 0 ].src += '?"+quoted+"';\n", 300),
		"MediaWiki:Gadget-huge.js":     strings.Repeat(offStep, 2_000_000/len(offStep)),
		"MediaWiki:Gadget-evil.css":    "img[src$=\"" + strings.ReplaceAll(quoted, `"`, "") + ".png\"] { content: url(" + commons + "thumb/e/e3/Foo.svg/22px-Foo.svg.png) }\n",
		"Module:Evil":                  "local url = frame:preprocess( '{{filepath:Foo.svg}}' )\nlocal a = url:match( '" + quoted + "%.(%w+)$' )\n",
		"Template:Raw":                 "[https:" + commons + "thumb/e/e3/Foo.svg/22px-Foo.svg.png " + strings.ReplaceAll(evil, "<!--", "") + "]\n",
		"MediaWiki:Gadget-controls.js": offStep + "document.images[ 0 ].src += '?\u0001\u001b[31m\u007f\u202e\ufeff';\r\n",
	} {
		s.admin(page, text)
	}
	s.o.Config(codeConfig(`, "ignore": [{"rule": "PV001", "reason": ` + strconv.Quote(evil[:250]) + `}]`))
	s.audit()
	pages := s.reports()
	if len(pages) != 10 {
		t.Errorf("%d reports: %q", len(pages), pages)
	}
	for _, page := range pages {
		t.Run(page, func(t *testing.T) { s.isInert(t, page) })
	}
	t.Run("what it is stays readable", func(t *testing.T) {
		text := shown(s.parsed(s.reportOn("MediaWiki:Gadget-many.js")).Text)
		for _, want := range []string{"</pre></syntaxhighlight></nowiki>{{Evil}}", "{{#if:1|Evil}}[[Category:Evil]]", "<script>evil()</script>", "⟨U+202E⟩", "<!-- evil", "more findings are not shown"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not shown in\n%.3000s", want, text)
			}
		}
		s.says(t, s.reportOn("MediaWiki:Gadget-controls.js"), "⟨U+007F⟩", "⟨U+202E⟩")
		if got := s.parsed(s.o.Page("Provenance")).Text; !strings.Contains(shown(got), strings.TrimPrefix(title, "MediaWiki:Gadget-")) {
			t.Errorf("the overview does not name %s", title)
		}
	})
	t.Run("a second pass finds nothing new", func(t *testing.T) {
		before := len(s.edits())
		s.audit()
		if after := s.edits(); len(after) != before {
			t.Errorf("it edited %v", after[:len(after)-before])
			for _, title := range after[:len(after)-before] {
				h := s.History(title)
				t.Log(cmp.Diff(h[1].Text(), h[0].Text()))
			}
		}
	})
}

// isInert checks what the wiki understood of a report.
func (s *stage) isInert(t *testing.T, page string) {
	source, got := s.Text(page), s.parsed(page)
	if len(source) > 400<<10 {
		t.Errorf("it has %d bytes", len(source))
	}
	if len(got.Categories)+len(got.Templates)+len(got.Images) > 0 {
		t.Errorf("it uses %v %v %v", got.Categories, got.Templates, got.Images)
	}
	for name := range got.Properties {
		t.Errorf("a word of the code set the property %s", name)
	}
	for _, link := range got.ExternalLinks {
		if !strings.HasPrefix(link, s.URL) {
			t.Errorf("it links to %s", link)
		}
	}
	for _, link := range got.Links {
		if strings.HasPrefix(link.Title, "Evil") || strings.HasPrefix(link.Title, "Special:BookSources") {
			t.Errorf("it links to %s", link.Title)
		}
	}
	for _, section := range got.Sections {
		if strings.Contains(section.Line, "Evil ") || section.Line == "Evil" {
			t.Errorf("a section is called %s", section.Line)
		}
	}
	for _, live := range []string{"<script", "onerror=\"", "<img", "mw-magiclink", "class=\"reference\"", "<b>bold", "class=\"error\"", `<b class="evillive">`} {
		if strings.Contains(got.Text, live) {
			t.Errorf("%s is live", live)
		}
	}
	for _, r := range source {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Errorf("the source holds %U", r)
		}
	}
	if n := strings.Count(source, "<!--"); n != 2 {
		t.Errorf("%d comments in the source, want the bot's two marks", n)
	}
}
