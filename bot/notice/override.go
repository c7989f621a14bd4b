package notice

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"filewarden/bot/wiki"
	"filewarden/templates"
)

// A wiki may frame a kind of notice by its own template, on the page
// Notice/<kind> beneath the bot's prefix. It gets user, n (number of lines)
// and body (the lines). It is substituted before the message is sent, with a
// mark in the place of the body, and what comes out is what is saved; so it
// cannot change between the check and the edit, and nothing in the body can
// break the call. What does not look like a frame is not used:
// the message then goes out in our own words.

// ownTemplate is the wiki's template for a kind, relative to the prefix.
const ownTemplate = "Notice/"

// bodyMark stands for the body while the template is substituted.
const bodyMark = "FilewardenBody7b1e"

// frameLength is how much a template may add to a message, in bytes.
const frameLength = 8 << 10

// framed is the news with each kind framed by the wiki's template for it; ok
// is false where no kind has one that is fit.
func (r *round) framed(ctx context.Context, d *digest, n templates.Notice) (news string, ok bool) {
	var blocks []string
	for _, g := range n.Groups {
		alone := n
		alone.Groups, alone.More = []templates.NoticeGroup{g}, 0
		block, _ := split(d.words.NoticeText(alone))
		own, has := r.override(ctx, d, g, block)
		switch {
		case has:
			block, ok = own, true
		case len(n.Groups) > 1:
			block = "'''" + d.words.KindTitle(g.Kind) + "'''\n" + block
		}
		blocks = append(blocks, block)
	}
	if n.More > 0 {
		blocks = append(blocks, d.words.Text("notice-more", templates.Num(n.More)))
	}
	return strings.Join(blocks, "\n"), ok
}

// override frames one kind's news by the wiki's template; ok is false where
// there is none fit for it.
func (r *round) override(ctx context.Context, d *digest, g templates.NoticeGroup, body string) (frame string, ok bool) {
	title := r.ownTemplate(ctx, g.Kind)
	if title == "" {
		return "", false
	}
	call, ok := d.words.Subst(title, templates.Parameter{Name: "user", Value: d.to.name},
		templates.Parameter{Name: "n", Value: strconv.Itoa(len(g.Lines))}, templates.Parameter{Name: "body", Value: bodyMark})
	if !ok {
		return "", false
	}
	answer, err := r.c.Wiki.Get(ctx, wiki.Params{
		"action": "parse", "onlypst": "1", "contentmodel": "wikitext", "title": talkPage(d.to.name), "text": call,
	})
	if err == nil {
		frame, err = answer.GetString("parse", "text")
	}
	if err != nil {
		r.c.Log.Warn().Str("template", title).Err(err).Msg("the wiki's own template could not be tried; using our words")
		return "", false
	}
	if why := unfit(frame); why != "" {
		r.c.Log.Warn().Str("template", title).Str("reason", why).Msg("the wiki's own template is not fit; using our words")
		return "", false
	}
	return strings.Replace(strings.TrimSpace(frame), bodyMark, body, 1), true
}

// ownTemplate is the title of the wiki's template for a kind, or "". All kinds
// are asked for in one request, once a round.
func (r *round) ownTemplate(ctx context.Context, kind string) string {
	if title, asked := r.own[kind]; asked {
		return title
	}
	var titles []string
	for name := range r.kinds {
		r.own[name] = ""
		titles = append(titles, r.c.Prefix+ownTemplate+name)
	}
	pages, err := r.c.Wiki.Read(ctx, titles...)
	if err != nil {
		r.c.Log.Warn().Err(err).Msg("the wiki's own templates could not be read; using our words")
		return ""
	}
	for name := range r.kinds {
		title := r.c.Prefix + ownTemplate + name
		if page, ok := pages[title]; ok && !page.Missing && strings.TrimSpace(page.Content) != "" {
			r.own[name] = title
		}
	}
	return r.own[kind]
}

// headings and signatures belong to the message, once, and are ours.
var (
	heading   = regexp.MustCompile(`(?m)^=.*=[ \t]*$|(?i)<h[1-6]`)
	signature = regexp.MustCompile(`~~~`)
	leftOver  = regexp.MustCompile(`(?i)\{\{\s*(safe)?subst:`)
)

// unfit says why the result of a template cannot frame a message, or "".
func unfit(frame string) string {
	switch {
	case strings.TrimSpace(frame) == "":
		return "it is empty"
	case len(frame) > frameLength:
		return "it is too long"
	case strings.Count(frame, bodyMark) != 1:
		return "it does not hold the body exactly once"
	case leftOver.MatchString(frame):
		return "it was not substituted"
	case heading.MatchString(frame):
		return "it has a heading"
	case signature.MatchString(frame):
		return "it signs"
	case !balanced(frame, "{{", "}}") || !balanced(frame, "[[", "]]") || !balanced(frame, "<!--", "-->"):
		return "its brackets are not balanced"
	}
	return ""
}

// balanced: as many openings as closings, none closed before it was opened.
func balanced(s, opening, closing string) bool {
	depth := 0
	for s != "" && depth >= 0 {
		switch {
		case strings.HasPrefix(s, opening):
			depth, s = depth+1, s[len(opening):]
		case strings.HasPrefix(s, closing):
			depth, s = depth-1, s[len(closing):]
		default:
			s = s[1:]
		}
	}
	return depth == 0
}

// webLink is a web address in wikitext, with or without a label.
var webLink = regexp.MustCompile(`\[(https?://[^\s\[\]<>]+) ([^\[\]]*)\]|https?://[^\s\[\]<>|]+`)

// withoutLinks shows web addresses as text, for a wiki whose spam blacklist
// refuses one of them; the blacklist looks at parsed links only.
func withoutLinks(text string) string {
	return webLink.ReplaceAllStringFunc(text, func(link string) string {
		if m := webLink.FindStringSubmatch(link); m[1] != "" {
			return m[2] + " (<nowiki>" + m[1] + "</nowiki>)"
		}
		return "<nowiki>" + link + "</nowiki>"
	})
}
