package usage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"filewarden/storage"
	"filewarden/wikiconfig"
)

// uploaders stands for whoever uploaded a file, where the community has chosen
// that notices are not only for subscribers. No user can be called so.
const uploaders = "#"

// person is somebody who may be told.
type person struct {
	name    string
	row     personRow
	prefs   Preferences
	enabled bool // they want notices of this task
	said    bool // they subscribed
	mute    muted
}

// since is when the person was first known.
func (w *person) since() time.Time { return time.Unix(w.row.Since, 0) }

// findPeople reads who subscribed and what each of them wants, and notes who is new.
func (p *pass) findPeople(ctx context.Context) error {
	names, err := p.box.Subscribers(ctx)
	if err != nil {
		return err
	}
	p.people = map[string]*person{}
	if err := p.meet(ctx, names...); err != nil {
		return err
	}
	for _, name := range names {
		p.people[userName(name)].said = true
	}
	var others []string
	for _, c := range p.config.Credit {
		others = append(others, c.Tell...)
		others = append(others, c.Uploader)
	}
	for _, s := range p.config.Sets {
		others = append(others, s.Uploaders...)
	}
	if err := p.meet(ctx, others...); err != nil {
		return err
	}
	if !p.optIn() {
		p.people[uploaders] = &person{enabled: true, prefs: defaultPreferences()}
	}
	return p.notePeople()
}

func (p *pass) optIn() bool { return p.Env.Config == nil || p.Env.Config.Notices.OptIn }

// meet reads the preferences of people who are not known to this pass yet.
func (p *pass) meet(ctx context.Context, names ...string) error {
	var unknown []string
	for _, name := range names {
		if name = userName(name); name != "" && p.people[name] == nil && !slices.Contains(unknown, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	prefs, err := p.preferences(ctx, unknown)
	if err != nil {
		return fmt.Errorf("reading preferences: %w", err)
	}
	for _, name := range unknown {
		w := &person{name: name}
		if prefs[name] != nil {
			w.enabled, _, _ = prefs[name].For(Name)
			w.prefs = wikiconfig.PreferencesOf[Preferences](prefs[name], Name)
		}
		p.people[name] = w
	}
	return nil
}

// preferences of users, read now. Without a panel everybody has the defaults;
// so it is in tests only.
func (p *pass) preferences(ctx context.Context, names []string) (map[string]*wikiconfig.Preferences, error) {
	return p.Panel.Preferences(ctx, names...)
}

// notePeople reads what is remembered of people, and remembers who is new: of
// what they upload from now on the first use is news.
func (p *pass) notePeople() error {
	known := map[string]personRow{}
	err := p.Store.View(func(tx storage.Tx) error {
		for row, err := range personTable.Scan(tx) {
			if err != nil {
				return err
			}
			known[row.Key[0]] = row.Value
		}
		return nil
	})
	if err != nil {
		return err
	}
	var fresh []string
	for _, name := range slices.Sorted(maps.Keys(p.people)) {
		row, ok := known[name]
		if !ok {
			row = personRow{Since: p.start.Unix()}
			fresh = append(fresh, name)
		}
		p.people[name].row = row
	}
	return storage.UpdateEach(p.Store, fresh, func(tx storage.Tx, name string) error {
		return personTable.Put(tx, p.people[name].row, name)
	})
}

// userName is a user's name as MediaWiki writes it.
func userName(written string) string {
	written = strings.Join(strings.Fields(strings.ReplaceAll(written, "_", " ")), " ")
	if rest, ok := strings.CutPrefix(written, "User:"); ok {
		written = strings.TrimSpace(rest)
	}
	first, size := utf8.DecodeRuneInString(written)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + written[size:]
}
