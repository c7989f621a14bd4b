package wiki

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// How to tell whether one person has the same name on two wikis.
const (
	sameAll  = "all"
	sameNone = "none"
)

// Name is the readable name of a wiki in the language of a reader ("English Wikipedia"), or its host where nothing better is known.
//
// Wikimedia's farm has a message for each wiki and language
// (project-localized-name-<database>, extension WikimediaMessages); elsewhere a
// wiki is called what it calls itself, with its language where that is another
// than home's ("Wikivoyage (German)"), since sister projects of all languages
// often share one name, and with its host where even so several are the same.
func (f *Farm) Name(ctx context.Context, p Place, reader string) string {
	if name := f.localizedName(ctx, p, reader); name != "" {
		return name
	}
	s, err := f.At(ctx, p)
	if err != nil {
		return p.Host
	}
	name := strings.Join(strings.Fields(s.site.Name), " ")
	if name == "" {
		return f.host(p)
	}
	if s.site.Language != f.home.site.Language {
		if spoken := languageName(s.site.Language, reader); spoken != "" && !strings.Contains(name, spoken) {
			name += " (" + spoken + ")"
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shared[ownName(s.site)] {
		name += " (" + f.host(p) + ")"
	}
	return name
}

func (f *Farm) host(p Place) string {
	if p.Host == "" {
		return f.home.host
	}
	return p.Host
}

// languageName is what readers of a language call another; "" where it is not
// known. MediaWiki has codes of its own, such as "simple".
func languageName(code, reader string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return ""
	}
	in, err := language.Parse(reader)
	if err != nil {
		in = language.English
	}
	names := display.Languages(in)
	if names == nil {
		names = display.Languages(language.English)
	}
	base, _ := tag.Base()
	return names.Name(base)
}

// ownName is what a wiki calls itself, told apart by language.
func ownName(s Site) string { return s.Name + "\x00" + s.Language }

// nameTaken notes which wiki goes by a name.
func (f *Farm) nameTaken(s Site, key string) {
	name := ownName(s)
	f.mu.Lock()
	defer f.mu.Unlock()
	first, taken := f.byName[name]
	if taken && first != key {
		f.shared[name] = true
	}
	if !taken {
		f.byName[name] = key
	}
}

// SamePerson says whether equal account names on the home wiki and at p are one person (mode: sitematrix, all, none).
// Any other mode is as sitematrix, and without a sitematrix only home is home.
func (f *Farm) SamePerson(ctx context.Context, p Place, mode string) bool {
	if mode == sameAll || f.IsHome(p) {
		return true
	}
	if mode == sameNone {
		return false
	}
	m, err := f.siteMatrix(ctx)
	if err != nil {
		return false
	}
	home, there := m.site(f.homeKey()), m.site(p.Key)
	return home != nil && there != nil && home.global && there.global
}

// siteMatrix is the table of a farm's wikis (extension SiteMatrix).
type siteMatrix struct {
	byHost map[string]*matrixSite
	byName map[string]*matrixSite // by database name
}

type matrixSite struct {
	url, database string
	global        bool // accounts are the farm's: not private, fishbowl or nonglobal
}

// site of a place's key.
func (m *siteMatrix) site(key string) *matrixSite {
	if s := m.byName[key]; s != nil {
		return s
	}
	u, err := url.Parse(key)
	if err != nil {
		return nil
	}
	if u.Host == "" {
		return m.byHost[key]
	}
	return m.byHost[hostKey(u)]
}

// siteMatrix of the home wiki, asked for once.
func (f *Farm) siteMatrix(ctx context.Context) (*siteMatrix, error) {
	if _, ok := f.home.site.Extensions["SiteMatrix"]; !ok {
		return nil, errors.New("the home wiki has no sitematrix")
	}
	return f.matrix.get(ctx, f.set.Now, func() (*siteMatrix, error) {
		a, err := f.home.do(ctx, call{p: Params{"action": "sitematrix", "smsiteprop": "url|dbname"}})
		if err != nil {
			return nil, fmt.Errorf("reading the sitematrix: %w", err)
		}
		return readMatrix(a), nil
	})
}

func readMatrix(a *answer) *siteMatrix {
	m := &siteMatrix{byHost: map[string]*matrixSite{}, byName: map[string]*matrixSite{}}
	groups, _ := a.data["sitematrix"].(map[string]any)
	for _, group := range groups {
		switch g := group.(type) {
		case []any: // specials
			m.add(g)
		case map[string]any: // one language
			sites, _ := g["site"].([]any)
			m.add(sites)
		}
	}
	return m
}

func (m *siteMatrix) add(sites []any) {
	for _, s := range sites {
		data, _ := s.(map[string]any)
		row := Row(data)
		u, err := url.Parse(row.Text("url"))
		if err != nil || u.Host == "" {
			continue
		}
		site := &matrixSite{url: row.Text("url") + "/", database: row.Text("dbname"),
			global: !row.Has("private") && !row.Has("fishbowl") && !row.Has("nonglobal")}
		m.byHost[hostKey(u)], m.byName[site.database] = site, site
	}
}

var languageCode = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)

// localizedName from the farm's own messages; "" where there are none.
func (f *Farm) localizedName(ctx context.Context, p Place, reader string) string {
	if _, ok := f.home.site.Extensions["WikimediaMessages"]; !ok || !languageCode.MatchString(reader) {
		return ""
	}
	database := f.database(ctx, p)
	if database == "" {
		return ""
	}
	f.mu.Lock()
	table := f.names[reader]
	if table == nil {
		table = &once[map[string]string]{}
		f.names[reader] = table
	}
	f.mu.Unlock()
	names, err := table.get(ctx, f.set.Now, func() (map[string]string, error) { return f.fetchNames(ctx, reader) })
	if err != nil {
		return ""
	}
	return names[database]
}

// database name of a place, as the sitematrix has it.
func (f *Farm) database(ctx context.Context, p Place) string {
	if f.IsHome(p) {
		return f.home.site.WikiID
	}
	m, err := f.siteMatrix(ctx)
	if err != nil {
		return ""
	}
	if site := m.site(p.Key); site != nil {
		return site.database
	}
	return ""
}

const namePrefix = "project-localized-name-"

func (f *Farm) fetchNames(ctx context.Context, language string) (map[string]string, error) {
	a, err := f.home.do(ctx, call{p: Params{"action": "query", "meta": "allmessages",
		"amprefix": namePrefix, "amlang": language}})
	if err != nil {
		return nil, fmt.Errorf("reading the names of wikis: %w", err)
	}
	names := map[string]string{}
	messages, _ := a.query()["allmessages"].([]any)
	for _, m := range messages {
		data, _ := m.(map[string]any)
		row := Row(data)
		if database, ok := strings.CutPrefix(row.Text("name"), namePrefix); ok && row.Text("content") != "" {
			names[database] = row.Text("content")
		}
	}
	return names, nil
}
