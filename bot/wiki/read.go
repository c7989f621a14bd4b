package wiki

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Text is one revision of a page as read: its wikitext and what a later edit needs to know.
type Text struct {
	Title   string // normalised
	ID      int64
	Missing bool
	Invalid bool
	RevID   int64 // 0 when missing
	User    string
	Comment string
	Time    time.Time // of the revision
	ReadAt  time.Time // curtimestamp of the read: an edit's starttimestamp
	Model   string    // content model: wikitext, json, javascript…
	Content string
	// RedirectTo is the target when the page is a redirect that was not followed.
	RedirectTo string
}

// Read returns the current texts of pages, keyed by the titles asked for. Redirects are not followed.
// A text that cannot be read is an error and never an empty text.
func (s *Session) Read(ctx context.Context, titles ...string) (map[string]Text, error) {
	texts := make(map[string]Text, len(titles))
	asked := make(map[string]bool, len(titles))
	for _, t := range titles {
		asked[t] = true
	}
	p := Params{"prop": "revisions|info", "rvslots": "main", "curtimestamp": "1",
		"rvprop": "ids|timestamp|user|comment|content|contentmodel"}
	for page, err := range s.WalkTitles(ctx, titles, lowLimit, p) {
		if err != nil {
			return nil, fmt.Errorf("reading pages: %w", err)
		}
		text, err := page.text()
		if err != nil {
			return nil, fmt.Errorf("reading %q at %s: %w", page.Title, s.host, err)
		}
		for _, name := range append(page.Aliases, page.Title) {
			if asked[name] {
				texts[name] = text
			}
		}
	}
	for t := range asked {
		if _, ok := texts[t]; !ok && t != "" {
			return nil, fmt.Errorf("reading %q at %s: the wiki did not answer for it", t, s.host)
		}
	}
	return texts, nil
}

// text reads the latest revision of a page.
func (p *Page) text() (Text, error) {
	t := Text{Title: p.Title, ID: p.ID, Missing: p.Missing, Invalid: p.Invalid, ReadAt: p.read}
	if p.Missing || p.Invalid {
		return t, nil
	}
	for rev := range p.Rows("revisions") {
		slots, _ := rev["slots"].(map[string]any)
		main, _ := slots["main"].(map[string]any)
		content, ok := main["content"].(string)
		if !ok {
			return t, fmt.Errorf("revision %d has no text to read (hidden, or damaged in the wiki's store)", rev.Int("revid"))
		}
		t.RevID, t.User, t.Comment = rev.Int("revid"), rev.Text("user"), rev.Text("comment")
		t.Time, _ = time.Parse(time.RFC3339, rev.Text("timestamp"))
		t.Model, t.Content = Row(main).Text("contentmodel"), content
		if Row(p.data).Has("redirect") {
			t.RedirectTo = redirectTarget(content)
		}
		return t, nil
	}
	return t, fmt.Errorf("the wiki gave no revision of it")
}

var firstLink = regexp.MustCompile(`\[\[:?([^\]|]+)(\|[^\]]*)?\]\]`)

// redirectTarget is the first link of a page that is known to be a redirect:
// the magic word before it has other names in other languages.
func redirectTarget(content string) string {
	m := firstLink.FindStringSubmatch(content)
	if m == nil {
		return ""
	}
	target, _, _ := strings.Cut(m[1], "#")
	return strings.TrimSpace(strings.ReplaceAll(target, "_", " "))
}
