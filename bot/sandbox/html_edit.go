package sandbox

import (
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// edit shows the form, a preview, or saves.
func (v *visit) edit() {
	section := v.values.Get("section")
	if v.values.Has("wpSection") {
		section = v.values.Get("wpSection")
	}
	f := M{"Section": section, "Action": "/index.php?title=" + wikiEncode(v.w.dbName(v.title)) + "&action=submit", "Cancel": v.w.path(v.title), "MayEdit": true}
	l := layout{Title: "Editing " + v.w.name(v.title), Heading: "Editing " + v.w.name(v.title), Tabs: v.tabs("edit")}
	err := v.w.mayEdit(v.userName(), v.rights, v.title)
	posted := v.r.Method == http.MethodPost && v.body.Has("wpTextbox1")
	switch {
	case err != nil:
		l.Error, f["MayEdit"], l.Heading = message(err), false, "View source of "+v.w.name(v.title)
		v.fillForm(f, section)
	case posted && v.body.Has("wpSave"):
		if err = v.save(section); err == nil {
			v.redirect(v.afterSave(section))
			return
		}
		l.Error = message(err)
		v.refill(f)
	case posted:
		v.refill(f)
		f["Preview"] = v.preview(section)
	default:
		v.fillForm(f, section)
	}
	v.show("edit", http.StatusOK, l, f)
}

func message(err error) string {
	var e *apiError
	if errors.As(err, &e) {
		return e.info
	}
	return err.Error()
}

func (v *visit) refill(f M) {
	f["Text"], f["Subject"], f["Summary"], f["Base"] = v.body.Get("wpTextbox1"), v.body.Get("wpSectionTitle"), v.body.Get("wpSummary"), v.body.Get("editRevId")
}

// fillForm fills the form from the page or, for a new page or section, from
// what the address asks for: preload, preloadparams[], preloadtitle, summary.
func (v *visit) fillForm(f M, section string) {
	f["Subject"], f["Summary"], f["Base"] = v.values.Get("preloadtitle"), v.values.Get("summary"), int64(0)
	if v.page != nil {
		f["Base"] = v.page.latest().ID
	}
	switch {
	case section == "new" || v.page == nil:
		f["Text"] = v.preload()
	case section != "":
		part, _ := sectionOf(v.page.text(), section)
		f["Text"] = part
	default:
		f["Text"] = v.page.text()
	}
	if p := v.namedPage("editintro"); p != nil {
		f["Intro"] = v.w.render(p.title, p, p.text(), p.latest().Model, v.userName())
	}
}

func (v *visit) namedPage(key string) *page {
	t, err := v.w.parseTitle(v.values.Get(key), 0)
	if err != nil {
		return nil
	}
	p := v.w.pageOf(t)
	if p != nil {
		if to, ok := v.w.redirectTarget(p.text(), p.latest().Model); ok && to.interwiki == "" {
			p = v.w.pageOf(to.title)
		}
	}
	return p
}

// preload is the text of the page named by "preload", as transcluded, with $1
// to $9 replaced by preloadparams[].
func (v *visit) preload() string {
	p := v.namedPage("preload")
	if p == nil {
		return ""
	}
	text := asIncluded(p.text())
	for i, value := range v.values["preloadparams[]"] {
		text = strings.ReplaceAll(text, "$"+strconv.Itoa(i+1), value)
	}
	return text
}

// save passes the form through action=edit, so that every rule holds here too.
func (v *visit) save(section string) error {
	if v.w.readOnly != "" {
		return fail("readonly", "The wiki is currently in read-only mode: %s", v.w.readOnly)
	}
	a := args{text: map[string]string{"title": v.w.name(v.title), "text": strings.ReplaceAll(v.body.Get("wpTextbox1"), "\r\n", "\n"), "summary": v.body.Get("wpSummary")},
		lists: map[string][]string{}, nums: map[string]int{}, times: map[string]time.Time{}, given: map[string]bool{"title": true, "text": true, "summary": true}}
	if section != "" {
		a.text["section"], a.given["section"] = section, true
	}
	if section == "new" {
		a.text["sectiontitle"], a.given["sectiontitle"] = v.body.Get("wpSectionTitle"), true
	}
	if base := int(atoi64(v.body.Get("editRevId"))); base != 0 {
		a.nums["baserevid"], a.given["baserevid"] = base, true
	}
	if err := runEdit(v.call, a); err != nil {
		return err
	}
	if out, _ := v.out["edit"].(M); out["result"] != "Success" {
		return errors.New("the edit was not saved: a captcha is required")
	}
	return nil
}

// afterSave leads back to the section that was edited.
func (v *visit) afterSave(section string) string {
	path := v.w.path(v.title)
	if section == "new" {
		if subject := strings.TrimSpace(v.body.Get("wpSectionTitle")); subject != "" {
			return path + "#" + wikiEncode(anchor(subject))
		}
	}
	return path
}

func (v *visit) preview(section string) template.HTML {
	text, model := v.body.Get("wpTextbox1"), v.w.modelOf(v.title, v.page)
	if subject := v.body.Get("wpSectionTitle"); section == "new" && subject != "" {
		text = "== " + subject + " ==\n\n" + text
	}
	if model == "wikitext" {
		text = v.w.presave(text, v.title, v.userName())
	}
	return v.w.render(v.title, nil, text, model, v.userName())
}
