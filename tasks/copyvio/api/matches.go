package api

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
)

// reverseImageSearch lists what was found of one image. Nothing is searched for
// it: what is known is told, and "stage" says how far the search has come.
func reverseImageSearch() *module {
	return &module{name: "reverseimagesearch", path: "query+reverseimagesearch", prefix: "ris",
		about: "What was found of one image.", params: []param{
			{name: "title", kind: text, about: "The file."},
			{name: "sha1", kind: hash, about: "Or the SHA-1 of the image, hexadecimal."},
			{name: "limit", kind: limit, most: 500, preset: "10", about: "How many matches to return."},
			{name: "continue", kind: text},
		}, run: (*call).tellImage}
}

func (c *call) tellImage(a args) error {
	title, sha1, err := c.whichImage(a)
	if err != nil {
		return err
	}
	from, err := position(a.text("continue"))
	if err != nil {
		return err
	}
	found, err := find(c.world.Store, title, sha1)
	if err != nil {
		return err
	}
	c.query()["reverseimagesearchinfo"] = found.info(c)
	c.listMatches(found.matches(), from, a.num("limit"))
	return nil
}

// whichImage is the title, as the wiki spells it, or the SHA-1 that was asked for.
func (c *call) whichImage(a args) (title, sha1 string, err error) {
	switch {
	case a.text("title") == "" && a.text("sha1") == "":
		return "", "", fail("missingparam", `One of the parameters "ristitle" and "rissha1" is required.`)
	case a.text("title") != "" && a.text("sha1") != "":
		return "", "", fail("invalidparammix", `The parameters "ristitle" and "rissha1" can not be used together.`)
	case a.text("sha1") != "":
		return "", a.text("sha1"), nil
	}
	t, err := c.world.Wiki.Title(a.text("title"))
	if err != nil || t.NS != fileSpace {
		return "", "", fail("invalidtitle", "Bad title %q: it is not that of a file.", clip(a.text("title")))
	}
	return t.Full, "", nil
}

// position is where a list of matches goes on.
func position(raw string) (int, error) {
	if raw == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 0 {
		return 0, badContinue()
	}
	return n, nil
}

// finding is what is known of one image. A case that stands on no page is not
// told from none at all.
type finding struct {
	title, sha1 string // as asked for, and found out where known
	image       casebook.Image
	known       bool // that there is such an image
	book        casebook.Case
	shown       bool // there is a case, and it may be shown
}

func find(store storage.Store, title, sha1 string) (f finding, err error) {
	f.title, f.sha1 = title, sha1
	err = store.View(func(tx storage.Tx) error {
		if f.sha1 == "" {
			if f.sha1, _, err = casebook.AtTitle(tx, title); err != nil || f.sha1 == "" {
				return err
			}
		}
		if f.image, f.known, err = casebook.GetImage(tx, f.sha1); err != nil {
			return err
		}
		f.book, f.shown, err = casebook.GetCase(tx, f.sha1)
		f.shown = f.shown && f.book.Shown()
		return err
	})
	return f, err
}

func (f finding) matches() []casebook.Match {
	if !f.shown {
		return nil
	}
	return f.book.Matches
}

// info is what there is to say of the image as a whole.
func (f finding) info(c *call) object {
	info := object{}
	if f.title != "" {
		info["title"] = f.title
	}
	if f.sha1 != "" {
		info["sha1"] = f.sha1
	}
	switch {
	case f.shown:
		for k, v := range caseInfo(f.book) {
			info[k] = v
		}
		info["evidence"] = evidence(f.book.Evidence)
	case f.known:
		info["nocase"] = true
	default:
		info["missing"] = true
	}
	if f.known && f.image.Stage != "" {
		info["stage"] = string(f.image.Stage)
	}
	return info
}

func (c *call) listMatches(all []casebook.Match, from, limit int) {
	told := []object{}
	for i := min(from, len(all)); i < len(all); i++ {
		if len(told) == limit {
			c.next["reverseimagesearch"] = object{"riscontinue": strconv.Itoa(i)}
			break
		}
		told = append(told, match(all[i]))
	}
	c.query()["reverseimagesearch"] = told
}

// match is one match as the API shows it. Addresses are text: nothing here
// links to them or fetches them.
func match(m casebook.Match) object {
	o := object{"url": m.URL, "percent": m.Percent, "kind": m.Kind, "provider": m.Provider, "stock": m.Stock}
	if u, err := url.Parse(m.URL); err == nil && u.Host != "" {
		o["domain"] = domain(u.Hostname())
	}
	for name, value := range map[string]string{"page": m.Page, "pagetitle": m.Title, "excused": m.Excused} {
		if value != "" {
			o[name] = value
		}
	}
	set(o, "crawled", m.Crawled)
	return o
}

// caseInfo is what every module says of a case.
func caseInfo(c casebook.Case) object {
	o := object{"sha1": c.SHA1, "title": c.Title, "uploader": c.Uploader, "state": c.State.String(), "statecode": int(c.State),
		"unsafe": c.Unsafe(), "nonfree": c.NonFree, "matchcount": len(c.Matches)}
	set(o, "uploaded", c.Uploaded)
	set(o, "opened", c.Opened)
	if c.State.Decided() {
		o["decidedby"] = c.By
		set(o, "decided", c.Decided)
		if c.Note != "" {
			o["note"] = c.Note
		}
	}
	if c.Safety != nil {
		o["safety"] = object{"adult": c.Safety.Adult, "spoof": c.Safety.Spoof, "medical": c.Safety.Medical,
			"violence": c.Safety.Violence, "racy": c.Safety.Racy}
	}
	if !c.GoneAt.IsZero() {
		o["gone"] = timestamp(c.GoneAt)
	}
	return o
}

// evidence without what people wrote: deletion reasons and metadata may hold
// what is nobody's business.
func evidence(all []casebook.Evidence) []object {
	told := []object{}
	for _, e := range all {
		o := object{"kind": e.Kind}
		if e.File != "" {
			o["file"] = e.File
		}
		if e.Kind == casebook.Alike {
			o["bits"] = e.Distance
		}
		set(o, "timestamp", e.Time)
		told = append(told, o)
	}
	return told
}

func set(o object, name string, t time.Time) {
	if !t.IsZero() {
		o[name] = timestamp(t)
	}
}

// domain is the host of a match, worked out when it is shown.
func domain(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
