package templates

import (
	"strconv"
	"strings"
)

// copyvioParameter is one parameter of a call of the template page. The value
// is one line; foreign text in it is escaped, so it can neither end the call
// nor add a parameter.
type copyvioParameter struct {
	Name, Value wikitext
}

// Widths of pictures. They are standard widths (https://www.mediawiki.org/wiki/Manual:$wgThumbnailSteps):
// others are served slowly or not at all.
const copyvioWidth = "250px"

// roomy is how much is shown where only few things are.
var roomy = copyvioRooms[0]

// longestTitle is how many characters of a file's name are shown.
const longestTitle = 120

func (l *Language) copyvioCall(c CopyvioCase, r room) copyvioCall {
	call := copyvioCall{ID: wikitext(anchorChars(c.ID)), Name: bareTitle(c.File), Below: wikitext(strings.TrimSpace(c.Below))}
	add := func(name string, value wikitext) {
		call.Parameters = append(call.Parameters, copyvioParameter{wikitext(name), value})
	}
	add("id", call.ID)
	add("status", wikitext(escape(c.State)))
	add("note", wikitext(escape(tidy(c.Note)))) // not isolated: it is read back
	add("label", wikitext(l.stateLabel(c.State)))
	add("colour", copyvioColour(c.State))
	add("picture", l.copyvioPicture(c))
	add("facts", wikitext(joined(l.copyvioFacts(c, r))))
	add("evidence", l.copyvioHeaded("copyvio-evidence", l.copyvioEvidence(c, r)))
	add("matches", l.copyvioHeaded("copyvio-matches", l.copyvioMatches(c, r)))
	return call
}

// copyvioColour is the colour of a state: a variable of MediaWiki's skins, which
// follows the reader's light or dark mode, with a fallback
// (https://www.mediawiki.org/wiki/Recommendations_for_night_mode_compatibility_on_Wikimedia_wikis).
func copyvioColour(state string) wikitext {
	switch state {
	case "accepted":
		return "var(--color-destructive, #bf3c2c)"
	case "rejected":
		return "var(--color-success, #177860)"
	}
	return "var(--color-progressive, #36c)"
}

// bareTitle is a title without its namespace.
func bareTitle(title string) string {
	_, name, ok := strings.Cut(title, ":")
	if !ok {
		name = title
	}
	return cutRunes(tidy(strings.ReplaceAll(name, "_", " ")), longestTitle)
}

// copyvioPicture is the thumbnail, or why there is none with a link to the file.
func (l *Language) copyvioPicture(c CopyvioCase) wikitext {
	target, ok := linkTarget(c.File, "")
	if c.Hidden == "" && ok {
		return wikitext("[[" + strings.TrimPrefix(target, ":") + "|" + copyvioWidth + "]]")
	}
	hidden := c.Hidden
	if hidden == "" {
		hidden = "gone"
	}
	text := l.Text("copyvio-hidden-"+hidden) + "<br />" + l.shown(Link(c.File, bareTitle(c.File)))
	return wikitext(text)
}

// copyvioFacts are the lines beside the picture.
func (l *Language) copyvioFacts(c CopyvioCase, r room) (lines []wikitext) {
	say := func(key string, args ...any) { lines = append(lines, wikitext(l.Text(key, args...))) }
	switch {
	case !c.GoneAt.IsZero():
		say("copyvio-gone", c.GoneAt, Short(c.Gone, r.text))
	case c.Gone != "":
		say("copyvio-gone-undated", Short(c.Gone, r.text))
	}
	lines = append(lines, l.copyvioOutcome(c, r)...)
	say("copyvio-file", Link(c.File, bareTitle(c.File)))
	lines = append(lines, l.copyvioUploader(c, r))
	if len(c.Also) > 0 {
		say("copyvio-also", copyvioUsers(c.Also, r))
	}
	lines = append(lines, l.copyvioNamed(c, r))
	if c.Patrol != "" {
		say("copyvio-patrol", User(c.Patrol))
	}
	if len(c.Ratings) > 0 {
		lines = append(lines, l.copyvioRatings(c.Ratings))
	}
	if len(c.Asked) > 0 {
		say("copyvio-asked", copyvioUsers(c.Asked, r))
	}
	say("copyvio-opened", c.Opened)
	return lines
}

// copyvioNamed is what the file page says of source and licence.
func (l *Language) copyvioNamed(c CopyvioCase, r room) wikitext {
	var source, licence any = Message("copyvio-none-named"), Message("copyvio-none-named")
	if c.Source != "" {
		source = Short(c.Source, r.text)
	}
	if c.Licence != "" {
		licence = Short(c.Licence, r.text)
	}
	return wikitext(l.Text("copyvio-named", source, licence))
}

func copyvioUsers(names []string, r room) Arg {
	var users []any
	for _, name := range names[:min(len(names), r.names)] {
		users = append(users, User(name))
	}
	return List(users...)
}

// copyvioUploader says who uploaded the image and what is known of them.
func (l *Language) copyvioUploader(c CopyvioCase, r room) wikitext {
	p := c.Uploader
	if p.Name == "" {
		return wikitext(l.Text("copyvio-uploader-hidden", c.Uploaded))
	}
	return wikitext(l.Text("copyvio-uploader", User(p.Name), c.Uploaded, Raw(l.copyvioPerson(p, r)),
		Target("User talk:"+p.Name), Target("Special:ListFiles/"+p.Name)))
}

// copyvioPerson is what is known of a user, in one line.
func (l *Language) copyvioPerson(p CopyvioPerson, r room) wikitext {
	known := []string{l.Text("copyvio-edits", p.Edits)}
	if !p.Registered.IsZero() {
		known = append(known, l.Text("copyvio-registered", Raw(l.day(p.Registered))))
	}
	for _, g := range p.Groups[:min(len(p.Groups), r.names)] {
		known = append(known, l.shown(Short(g, r.text)))
	}
	if p.Blocked {
		known = append(known, "'''"+l.Text("copyvio-blocked")+"'''")
	}
	if p.Warnings > 0 {
		known = append(known, "'''"+l.Text("copyvio-warnings", p.Warnings)+"'''")
	}
	return wikitext(strings.Join(known, l.Text("list-comma")))
}

func (l *Language) copyvioRatings(all []CopyvioRating) wikitext {
	var said []any
	for _, r := range all {
		said = append(said, Raw(l.Text("copyvio-rating", Message("copyvio-rated-"+r.What), Message("copyvio-grade-"+strconv.Itoa(r.Grade)))))
	}
	return wikitext(l.Text("copyvio-ratings", List(said...)))
}

// copyvioOutcome says who decided what, what did not count, and what was done.
func (l *Language) copyvioOutcome(c CopyvioCase, r room) (lines []wikitext) {
	if c.By != "" {
		lines = append(lines, wikitext(l.Text("copyvio-decided", User(c.By), c.Decided, l.copyvioRevision(c.Rev, ""))))
	}
	if d := c.Refused; d != nil {
		lines = append(lines, "'''"+l.copyvioRefusal(*d, r)+"'''")
	}
	if a := c.Action; a.State != "" {
		lines = append(lines, l.copyvioAction(a, r))
	}
	return lines
}

// copyvioRevision links to the revision that says something, or names the way
// in which it came.
func (l *Language) copyvioRevision(rev int64, way string) Arg {
	if rev != 0 {
		return Raw(l.Text("copyvio-revision", Target("Special:Diff/"+strconv.FormatInt(rev, 10)), Plain(strconv.FormatInt(rev, 10))))
	}
	if way == "" {
		way = "other"
	}
	return Message("copyvio-way-" + way)
}

// copyvioRefusal says why somebody's decision does not count.
func (l *Language) copyvioRefusal(d CopyvioDecision, r room) wikitext {
	return wikitext(l.Text("copyvio-refused", User(d.By), Short(d.To, r.text), l.copyvioRevision(d.Rev, d.Way), Message("copyvio-verdict-"+d.Verdict)))
}

func (l *Language) copyvioAction(a CopyvioAction, r room) wikitext {
	var revs []any
	for _, rev := range a.Revs[:min(len(a.Revs), r.names)] {
		n := strconv.FormatInt(rev, 10)
		revs = append(revs, Link("Special:Diff/"+n, n))
	}
	at := a.Ended
	if a.State == "planned" {
		at = a.Due
	}
	text := l.Text("copyvio-action-"+a.State, Short(a.Recipe, r.text), l.when(at), Short(a.Why, r.text))
	if len(revs) > 0 {
		text += l.Text("parentheses", List(revs...))
	}
	if a.State == "done" && a.Why != "" {
		text += ". " + l.shown(Short(a.Why, r.text))
	}
	return wikitext(text)
}
