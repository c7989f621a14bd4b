package wiki

import (
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/antonholmquist/jason"
)

// Page is one page of a query, complete: every continuation of its batch has been merged in.
type Page struct {
	*jason.Object
	Title   string
	NS      int
	ID      int64 // 0 when missing
	Missing bool
	Invalid bool
	Aliases []string // titles asked for that were normalised or redirected to this page

	data map[string]any
	read time.Time // curtimestamp of the answer
}

// Row is one row of a property or list. It reads what jason would copy: a scan
// of usage reads every field of every row.
type Row map[string]any

// Text of a field; "" where it is absent or no text.
func (r Row) Text(field string) string {
	text, _ := r[field].(string)
	return text
}

// Int of a field, which some modules write as a string (GlobalUsage's pageid and ns); 0 where it is neither.
func (r Row) Int(field string) int64 {
	switch v := r[field].(type) {
	case json.Number:
		n, _ := v.Int64()
		return n
	case string:
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	}
	return 0
}

// Has says whether a field is present and not false.
func (r Row) Has(field string) bool {
	v, ok := r[field]
	return ok && v != false
}

// Rows yields the rows of one property of the page: globalusage, fileusage,
// revisions, categories… None when the page has no such property.
func (p *Page) Rows(prop string) iter.Seq[Row] {
	rows, _ := p.data[prop].([]any)
	return func(yield func(Row) bool) {
		for _, r := range rows {
			if row, ok := r.(map[string]any); ok && !yield(row) {
				return
			}
		}
	}
}

// Len is how many rows a property of the page has.
func (p *Page) Len(prop string) int {
	rows, _ := p.data[prop].([]any)
	return len(rows)
}

// batch gathers the parts of an answer until it is complete.
type batch struct {
	values []*jason.Value
	index  map[pageKey]int // made with the second part
	alias  map[string][]string
	read   time.Time
}

// pageKey tells pages of one wiki apart: by id, and where there is none by title.
type pageKey struct {
	id    int64
	title string
}

func keyOf(page map[string]any) pageKey {
	if id := Row(page).Int("pageid"); id > 0 {
		return pageKey{id: id}
	}
	return pageKey{title: Row(page).Text("title")}
}

// add merges one part into the batch.
func (b *batch) add(a *answer, now func() time.Time) {
	pages, _ := a.root.GetValueArray("query", "pages")
	b.addAliases(a.query())
	if b.read.IsZero() {
		b.read = readTime(a, now)
		b.values = append(pages, elsewhere(a.query())...)
		return
	}
	if b.index == nil {
		b.index = make(map[pageKey]int, len(b.values))
		for i, v := range b.values {
			b.index[keyOf(pageData(v))] = i
		}
	}
	for _, v := range pages {
		data := pageData(v)
		key := keyOf(data)
		if i, ok := b.index[key]; ok {
			merge(pageData(b.values[i]), data)
			continue
		}
		b.index[key] = len(b.values)
		b.values = append(b.values, v)
	}
}

// overlong finds a page with more than most rows of one property, if any.
func (b *batch) overlong(most int) *Overlong {
	for _, v := range b.values {
		data := pageData(v)
		for _, property := range data {
			if rows, ok := property.([]any); ok && most > 0 && len(rows) > most {
				return &Overlong{Title: Row(data).Text("title"), Rows: len(rows)}
			}
		}
	}
	return nil
}

func pageData(v *jason.Value) map[string]any {
	data, _ := v.Interface().(map[string]any)
	return data
}

// merge adds a later part of a page to an earlier one: lists grow, objects
// merge, and of single values the latest stands. A property that was complete
// is not sent again, so nothing is counted twice.
func merge(into, from map[string]any) {
	for k, v := range from {
		switch v := v.(type) {
		case []any:
			if old, ok := into[k].([]any); ok {
				into[k] = append(old, v...)
				continue
			}
		case map[string]any:
			if old, ok := into[k].(map[string]any); ok {
				merge(old, v)
				continue
			}
		}
		into[k] = v
	}
}

// addAliases remembers which titles lead to which.
func (b *batch) addAliases(query map[string]any) {
	for _, kind := range []string{"normalized", "converted", "redirects"} {
		list, _ := query[kind].([]any)
		for _, entry := range list {
			e, _ := entry.(map[string]any)
			from, to := Row(e).Text("from"), Row(e).Text("to")
			if Row(e).Has("fromencoded") {
				from, _ = url.PathUnescape(from)
			}
			b.addAlias(from, to)
		}
	}
}

func (b *batch) addAlias(from, to string) {
	if from == "" || to == "" || from == to {
		return
	}
	if b.alias == nil {
		b.alias = map[string][]string{}
	}
	if !slices.Contains(b.alias[to], from) {
		b.alias[to] = append(b.alias[to], from)
	}
}

// elsewhere makes invalid pages of titles on other wikis, which the API leaves
// out of its pages, so that every title asked for gets its answer.
func elsewhere(query map[string]any) []*jason.Value {
	list, _ := query["interwiki"].([]any)
	var pages []*jason.Value
	for _, entry := range list {
		e, _ := entry.(map[string]any)
		raw, err := json.Marshal(map[string]any{"title": Row(e).Text("title"), "invalid": true,
			"invalidreason": "The title is on another wiki."})
		if err != nil {
			continue
		}
		if v, err := jason.NewValueFromBytes(raw); err == nil {
			pages = append(pages, v)
		}
	}
	return pages
}

// pages hands the pages out in the wiki's order, each let go of as it leaves.
func (b *batch) pages() iter.Seq[*Page] {
	return func(yield func(*Page) bool) {
		for i, v := range b.values {
			b.values[i] = nil
			if page := b.page(v); page != nil && !yield(page) {
				return
			}
		}
	}
}

func (b *batch) page(v *jason.Value) *Page {
	object, err := v.Object()
	if err != nil {
		return nil
	}
	data := pageData(v)
	row := Row(data)
	return &Page{Object: object, data: data, read: b.read, Title: row.Text("title"), NS: int(row.Int("ns")),
		ID: max(0, row.Int("pageid")), Missing: row.Has("missing"), Invalid: row.Has("invalid"),
		Aliases: b.aliases(row.Text("title"))}
}

// aliases of a title, those of its aliases too: a_b → A b → C. Redirects can form a ring.
func (b *batch) aliases(title string) []string {
	var found []string
	for next := []string{title}; len(next) > 0; next = next[1:] {
		for _, from := range b.alias[next[0]] {
			if from != title && !slices.Contains(found, from) {
				found, next = append(found, from), append(next, from)
			}
		}
	}
	return found
}

// readTime is when the wiki read the batch, where curtimestamp was asked for.
func readTime(a *answer, now func() time.Time) time.Time {
	stamp, _ := a.data["curtimestamp"].(string)
	if t, err := time.Parse(time.RFC3339, stamp); err == nil {
		return t
	}
	return now()
}
