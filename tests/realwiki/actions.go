package realwiki

import (
	"maps"
	"time"

	"filewarden/bot/sandbox/picture"
)

// Edit saves the whole text of a page and returns the revision's id, 0 when
// nothing changed.
func (w *Wiki) Edit(as User, title, text, summary string) int64 {
	w.t.Helper()
	return w.EditWith(as, Params{"title": title, "text": text, "summary": summary})
}

// EditWith is action=edit with any parameters.
func (w *Wiki) EditWith(as User, p Params) int64 {
	w.t.Helper()
	var answer struct {
		Edit struct{ NewRevID int64 }
	}
	p = maps.Clone(p)
	p["action"] = "edit"
	if err := w.Client(as).Write(p, &answer); err != nil {
		w.t.Fatalf("%s editing %s: %v", as.Name, p["title"], err)
	}
	return answer.Edit.NewRevID
}

// Upload stores a picture under name ("A.png", without namespace) with a page
// that says nothing; it overwrites.
func (w *Wiki) Upload(as User, name string, content []byte) {
	w.t.Helper()
	if err := w.Client(as).Upload(name, content, "", "an upload"); err != nil {
		w.t.Fatalf("%s uploading %s: %v", as.Name, name, err)
	}
}

// Delete deletes a page, as a file with all its versions.
func (w *Wiki) Delete(as User, title, reason string) {
	w.t.Helper()
	w.write(as, Params{"action": "delete", "title": title, "reason": reason})
}

// Undelete restores a deleted page.
func (w *Wiki) Undelete(as User, title string) {
	w.t.Helper()
	w.write(as, Params{"action": "undelete", "title": title})
}

// Move moves a page, with or without leaving a redirect.
func (w *Wiki) Move(as User, from, to string, redirect bool) {
	w.t.Helper()
	p := Params{"action": "move", "from": from, "to": to, "ignorewarnings": "1"}
	if !redirect {
		p["noredirect"] = "1"
	}
	w.write(as, p)
}

// Protect lets only sysops edit (and, of a missing page, create) the title.
func (w *Wiki) Protect(title string) {
	w.t.Helper()
	var answer struct {
		Query struct{ Pages []struct{ Missing bool } }
	}
	if err := w.Client(w.Admin).Get(Params{"action": "query", "titles": title}, &answer); err != nil {
		w.t.Fatalf("looking for %s: %v", title, err)
	}
	action := "edit"
	if len(answer.Query.Pages) == 1 && answer.Query.Pages[0].Missing {
		action = "create"
	}
	w.write(w.Admin, Params{"action": "protect", "title": title, "protections": action + "=sysop"})
}

// Block blocks a user without end; more parameters of action=block may follow.
func (w *Wiki) Block(name string, more Params) {
	w.t.Helper()
	p := Params{"action": "block", "user": name, "expiry": "never", "reason": "a test"}
	maps.Copy(p, more)
	w.write(w.Admin, p)
}

// Unblock lifts a block.
func (w *Wiki) Unblock(name string) {
	w.t.Helper()
	w.write(w.Admin, Params{"action": "unblock", "user": name})
}

func (w *Wiki) write(as User, p Params) {
	w.t.Helper()
	if err := w.Client(as).Write(p, nil); err != nil {
		w.t.Fatalf("%s, action=%s %s: %v", as.Name, p["action"], p["title"], err)
	}
}

// PNG returns a small picture; another seed gives another one.
func PNG(seed int) []byte { return picture.Tiny(seed) }

// Revision is one version of a page.
type Revision struct {
	ID        int64 `json:"revid"`
	Parent    int64 `json:"parentid"`
	User      string
	Timestamp time.Time
	Comment   string
	Tags      []string
	Minor     bool
	Slots     struct{ Main struct{ Content string } }
}

// Text is the revision's wikitext.
func (r Revision) Text() string { return r.Slots.Main.Content }

// History returns a page's versions, newest first, none for a missing page.
func (w *Wiki) History(title string) []Revision {
	w.t.Helper()
	var all []Revision
	more := Params{}
	for more != nil {
		p := Params{"action": "query", "prop": "revisions", "titles": title, "rvlimit": "max", "rvslots": "main",
			"rvprop": "ids|user|timestamp|comment|tags|flags|content"}
		maps.Copy(p, more)
		var answer struct {
			Query struct {
				Pages []struct{ Revisions []Revision }
			}
			Continue Params
		}
		if err := w.Client(w.Admin).Get(p, &answer); err != nil {
			w.t.Fatalf("reading the history of %s: %v", title, err)
		}
		for _, page := range answer.Query.Pages {
			all = append(all, page.Revisions...)
		}
		more = answer.Continue
	}
	return all
}

// Text returns a page's wikitext now, "" for a missing page.
func (w *Wiki) Text(title string) string {
	w.t.Helper()
	if all := w.History(title); len(all) > 0 {
		return all[0].Text()
	}
	return ""
}

// SwitchGadget switches a gadget on or off in the user's preferences.
func (w *Wiki) SwitchGadget(as User, name string, on bool) {
	w.t.Helper()
	value := "0"
	if on {
		value = "1"
	}
	w.write(as, Params{"action": "options", "optionname": "gadget-" + name, "optionvalue": value})
}
