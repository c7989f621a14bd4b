package usage

import (
	"context"
	"slices"

	"filewarden/storage"
)

// listFiles finds out which files are followed, by whom.
func (p *pass) listFiles(ctx context.Context) error {
	moved, err := p.formerTitles()
	if err != nil {
		return err
	}
	p.followed = newAudience(moved)
	if err := p.readLists(ctx); err != nil {
		return err
	}
	for name, w := range p.people {
		w.mute = p.mutedBy(w)
		if p.needsOwn(name) {
			if err := p.listOwn(ctx, w); err != nil {
				return err
			}
		}
	}
	if err := p.followOwn(ctx); err != nil {
		return err
	}
	for _, w := range p.people {
		p.followChosen(w)
	}
	if err := p.followSets(); err != nil {
		return err
	}
	return p.followCredit()
}

// formerTitles of files that were moved since they are followed.
func (p *pass) formerTitles() (map[string]string, error) {
	moved := map[string]string{}
	err := p.Store.View(func(tx storage.Tx) error {
		for row, err := range aliasTable.Scan(tx) {
			if err != nil {
				return err
			}
			moved[row.Key[0]] = row.Value
		}
		return nil
	})
	return moved, err
}

// needsOwn says whether the uploads of a user are to be known.
func (p *pass) needsOwn(name string) bool {
	if name == uploaders {
		return false
	}
	if w := p.people[name]; w.said && w.enabled && w.prefs.followsOwn() {
		return true
	}
	for _, c := range p.config.Credit {
		if userName(c.Uploader) == name {
			return true
		}
	}
	return slices.ContainsFunc(p.config.Sets, func(s Set) bool {
		return slices.ContainsFunc(s.Uploaders, func(u string) bool { return userName(u) == name })
	})
}

// followOwn makes people follow what they uploaded, as the config decides
// where several people uploaded versions.
func (p *pass) followOwn(ctx context.Context) error {
	var doubtful []string // a version is theirs, but not surely the first
	claims := map[string][]string{}
	for name, w := range p.people {
		if !w.said || !w.enabled || !w.prefs.followsOwn() {
			continue
		}
		err := p.eachOwn(name, func(file string, row ownRow) {
			if row.Original {
				p.follow(w, file, w.name)
				return
			}
			if claims[file] == nil {
				doubtful = append(doubtful, file)
			}
			claims[file] = append(claims[file], name)
		})
		if err != nil {
			return err
		}
	}
	histories, err := p.histories(ctx, doubtful)
	if err != nil {
		return err
	}
	for file, names := range claims {
		entitled := recipients(histories[file], p.config.Recipients)
		for _, name := range names {
			w, h := p.people[name], histories[file]
			if slices.Contains(entitled, name) && (w.prefs.Own != ownOriginal || h[len(h)-1].User == name) {
				p.follow(w, file, w.name)
			}
		}
	}
	return nil
}

// follow makes a person follow a file unless they muted it.
func (p *pass) follow(w *person, file, owner string) {
	if !w.mute.files[file] && !w.mute.files[p.followed.now(file)] {
		p.followed.add(file, follow{user: w.name, owner: owner})
	}
}

// eachOwn hands out the files that a user uploaded a version of.
func (p *pass) eachOwn(user string, use func(file string, row ownRow)) error {
	return p.Store.View(func(tx storage.Tx) error {
		for row, err := range ownTable.Scan(tx, user) {
			if err != nil {
				return err
			}
			use(row.Key[1], row.Value)
		}
		return nil
	})
}

// followChosen makes a person follow the files and lists that they named.
func (p *pass) followChosen(w *person) {
	if !w.said || !w.enabled {
		return
	}
	for _, file := range p.filesOf(w.prefs.Follow.Files, w.prefs.Follow.Categories, w.prefs.Follow.Galleries) {
		p.follow(w, file, "")
	}
}

// filesOf are the files named, in categories and on pages.
func (p *pass) filesOf(files, categories, galleries []string) []string {
	var all []string
	for _, written := range files {
		if file, ok := fileTitle(p.Wiki, written); ok {
			all = append(all, file)
		}
	}
	for _, written := range categories {
		if title, ok := pageTitle(p.Wiki, written, nsCategory); ok {
			all = append(all, p.lists.files[title]...)
		}
	}
	for _, written := range galleries {
		if title, ok := pageTitle(p.Wiki, written, 0); ok {
			all = append(all, p.lists.files[title]...)
		}
	}
	return all
}

// setFiles are the files of a set, in order and each once.
func (p *pass) setFiles(s Set) ([]string, error) {
	all := p.filesOf(s.Files, s.Categories, s.Galleries)
	for _, user := range s.Uploaders {
		err := p.eachOwn(userName(user), func(file string, _ ownRow) { all = append(all, file) })
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// followSets scans the sets of the config, and where the community wants it
// tells the uploaders of their files.
func (p *pass) followSets() error {
	for _, s := range p.config.Sets {
		files, err := p.setFiles(s)
		if err != nil {
			return err
		}
		for _, file := range files {
			p.followed.scan(file)
			if !p.optIn() {
				p.followed.add(file, follow{user: uploaders, owner: uploaders})
			}
		}
	}
	return nil
}

// followCredit makes people follow what others uploaded for them. An upload for
// them is like one of their own: its first use is news.
func (p *pass) followCredit() error {
	for _, c := range p.config.Credit {
		var files []string
		if c.Category != "" {
			files = p.filesOf(nil, []string{c.Category}, nil)
		}
		uploader := userName(c.Uploader)
		if uploader != "" {
			err := p.eachOwn(uploader, func(file string, _ ownRow) { files = append(files, file) })
			if err != nil {
				return err
			}
		}
		for _, name := range c.Tell {
			w := p.people[userName(name)]
			if w == nil || !w.enabled {
				continue
			}
			for _, file := range files {
				p.follow(w, file, uploader)
			}
		}
	}
	return nil
}
