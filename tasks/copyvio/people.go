package copyvio

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/bot/wiki"
	"filewarden/tasks/copyvio/casebook"

	"github.com/antonholmquist/jason"
)

// introduce fills in who uploaded the files of cases, and who patrolled them.
func (p *pass) introduce(ctx context.Context, cases []*casebook.Case) error {
	var names []string
	for _, c := range cases {
		if c.Uploader != "" && !slices.Contains(names, c.Uploader) {
			names = append(names, c.Uploader)
		}
	}
	people, err := p.people(ctx, names)
	if err != nil {
		return err
	}
	for _, c := range cases {
		c.Person = people[c.Uploader]
		if c.Patrol, err = p.patroller(ctx, c.Title, c.Uploaded); err != nil {
			return err
		}
	}
	return nil
}

// people looks up users: how much they edited, and how often they were warned.
func (p *pass) people(ctx context.Context, names []string) (map[string]casebook.Person, error) {
	found := map[string]casebook.Person{}
	for chunk := range slices.Chunk(names, p.Wiki.Limit()) {
		rows := p.Wiki.Rows(ctx, "users", wiki.Params{"ususers": strings.Join(chunk, "|"),
			"usprop": "editcount|groups|implicitgroups|registration|blockinfo"})
		for row, err := range rows {
			if err != nil {
				return nil, fmt.Errorf("looking up uploaders: %w", err)
			}
			name, _ := row.GetString("name")
			found[name] = person(row)
		}
	}
	return found, p.countWarnings(ctx, found)
}

// person reads a row of list=users (API:Users).
func person(row *jason.Object) (who casebook.Person) {
	edits, _ := row.GetInt64("editcount")
	who.Edits = int(edits)
	if stamp, err := row.GetString("registration"); err == nil {
		who.Registered, _ = time.Parse(time.RFC3339, stamp)
	}
	implicit, _ := row.GetStringArray("implicitgroups")
	groups, _ := row.GetStringArray("groups")
	for _, g := range groups {
		if !slices.Contains(implicit, g) {
			who.Groups = append(who.Groups, g)
		}
	}
	_, err := row.GetInt64("blockid")
	partial, _ := row.GetBoolean("blockpartial")
	who.Blocked = err == nil && !partial
	return who
}

// countWarnings reads the talk pages of uploaders.
func (p *pass) countWarnings(ctx context.Context, people map[string]casebook.Person) error {
	var titles []string
	for name := range people {
		titles = append(titles, "User talk:"+name)
	}
	if len(titles) == 0 {
		return nil
	}
	slices.Sort(titles)
	texts, err := p.Wiki.Read(ctx, titles...)
	if err != nil {
		return fmt.Errorf("reading talk pages of uploaders: %w", err)
	}
	for name, who := range people {
		for line := range strings.Lines(texts["User talk:"+name].Content) {
			if strings.HasPrefix(line, "==") && p.warnings.MatchString(line) {
				who.Warnings++
			}
		}
		people[name] = who
	}
	return nil
}

// patroller is who marked a file as patrolled since its upload, as the public
// log says; "" when nobody did by hand.
func (p *pass) patroller(ctx context.Context, title string, uploaded time.Time) (string, error) {
	rows := p.Wiki.Rows(ctx, "logevents", wiki.Params{"leaction": "patrol/patrol", "letitle": title, "lelimit": "1", "leprop": "user|details",
		"leend": uploaded.UTC().Format(time.RFC3339)})
	for row, err := range rows {
		if err != nil {
			return "", fmt.Errorf("reading who patrolled %s: %w", title, err)
		}
		if auto, _ := row.GetBoolean("params", "auto"); auto {
			return "", nil
		}
		user, _ := row.GetString("user")
		return user, nil
	}
	return "", nil
}
