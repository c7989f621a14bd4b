package wiki

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Site is what a wiki says of itself (meta=siteinfo).
type Site struct {
	Name, Language, WikiID, Server, ArticlePath, Script string
	Generator                                           string         // "MediaWiki 1.43.9"
	Namespaces                                          map[int]string // localised
	Extensions                                          map[string]string
}

// Account is who this session is (meta=userinfo); rights are those that the grants leave.
type Account struct {
	Name   string
	ID     int64
	Groups []string
	Rights map[string]bool
	// Options only holds the keys whose presence matters.
	Options map[string]string
}

// siteAnswer is the query part of the first request of a session.
type siteAnswer struct {
	General struct {
		Name        string `json:"sitename"`
		Language    string `json:"lang"`
		WikiID      string `json:"wikiid"`
		Server      string `json:"server"`
		ArticlePath string `json:"articlepath"`
		Script      string `json:"script"`
		Generator   string `json:"generator"`
		Case        string `json:"case"`
	} `json:"general"`
	Namespaces map[string]struct {
		ID        int    `json:"id"`
		Case      string `json:"case"`
		Name      string `json:"name"`
		Canonical string `json:"canonical"`
	} `json:"namespaces"`
	Aliases []struct {
		ID    int    `json:"id"`
		Alias string `json:"alias"`
	} `json:"namespacealiases"`
	Interwiki []struct {
		Prefix string `json:"prefix"`
		URL    string `json:"url"`
		API    string `json:"api"`
		Local  bool   `json:"localinterwiki"`
	} `json:"interwikimap"`
	Extensions []struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"extensions"`
	User struct {
		ID      int64          `json:"id"`
		Name    string         `json:"name"`
		Anon    bool           `json:"anon"`
		Groups  []string       `json:"groups"`
		Rights  []string       `json:"rights"`
		Options map[string]any `json:"options"`
	} `json:"userinfo"`
}

// introduce asks the wiki what it is and whom it takes the bot for: the one
// request that every session starts with.
func (s *Session) introduce(ctx context.Context) error {
	p := Params{"action": "query", "meta": "siteinfo|userinfo",
		"siprop": "general|namespaces|namespacealiases|interwikimap|extensions", "uiprop": "groups|rights"}
	if s.wantsAccount() {
		p["uiprop"] = "groups|rights|options"
	}
	a, err := s.do(ctx, call{p: p})
	if err != nil {
		return fmt.Errorf("asking %s what wiki it is: %w", s.host, err)
	}
	info, err := readSite(a)
	if err != nil {
		return fmt.Errorf("reading what %s says of itself: %w", s.host, err)
	}
	if s.wantsAccount() {
		if info.User.Anon || info.User.Name == "" {
			return &Error{Code: "notloggedin", Doing: "login at " + s.host, Info: errAnonymous.Error(), Advice: Stop}
		}
		s.account = newAccount(info)
	}
	s.site, s.titles = newSite(info), newTitleRules(info)
	return nil
}

func (s *Session) wantsAccount() bool { return s.set.Token != "" || s.set.User != "" }

func readSite(a *answer) (siteAnswer, error) {
	var info siteAnswer
	raw, err := json.Marshal(a.data["query"])
	if err != nil {
		return info, err
	}
	if err := json.Unmarshal(raw, &info); err != nil {
		return info, err
	}
	if len(info.Namespaces) == 0 {
		return info, fmt.Errorf("no namespaces in the answer: is this the api.php of a MediaWiki?")
	}
	return info, nil
}

func newSite(info siteAnswer) Site {
	g := info.General
	site := Site{Name: g.Name, Language: g.Language, WikiID: g.WikiID, Server: g.Server,
		ArticlePath: g.ArticlePath, Script: g.Script, Generator: g.Generator,
		Namespaces: map[int]string{}, Extensions: map[string]string{}}
	for _, ns := range info.Namespaces {
		site.Namespaces[ns.ID] = ns.Name
	}
	for _, e := range info.Extensions {
		site.Extensions[e.Name] = e.Version
	}
	return site
}

func newAccount(info siteAnswer) Account {
	u := info.User
	a := Account{Name: u.Name, ID: u.ID, Groups: u.Groups, Rights: map[string]bool{}, Options: map[string]string{}}
	for _, r := range u.Rights {
		a.Rights[r] = true
	}
	for k, v := range u.Options {
		if strings.HasPrefix(k, "echo-") || strings.HasPrefix(k, "discussiontools-") || k == "language" || k == "minordefault" {
			a.Options[k] = fmt.Sprint(v)
		}
	}
	return a
}

// Site of this session, read at start and kept.
func (s *Session) Site() Site { return s.site }

// Account of this session; zero for an anonymous reader.
func (s *Session) Account() Account { return s.account }

// Limit is how many titles go into one request: 50, or 500 with apihighlimits.
func (s *Session) Limit() int {
	if s.account.Rights["apihighlimits"] {
		return highLimit
	}
	return lowLimit
}

// URL of a page on this wiki; a fragment may follow after "#".
func (s *Session) URL(title string) string {
	title, fragment, hasFragment := strings.Cut(title, "#")
	path := s.site.ArticlePath
	if !strings.Contains(path, "$1") {
		path = s.site.Script + "?title=$1"
	}
	u := s.server() + strings.Replace(path, "$1", EscapeTitle(title), 1)
	if hasFragment {
		u += "#" + EscapeTitle(fragment)
	}
	return u
}

// server with a scheme: some wikis give a protocol-relative one.
func (s *Session) server() string {
	if strings.HasPrefix(s.site.Server, "//") {
		return s.scheme() + ":" + s.site.Server
	}
	return s.site.Server
}

func (s *Session) scheme() string {
	if u, err := url.Parse(s.set.API); err == nil && u.Scheme != "" {
		return u.Scheme
	}
	return "https"
}

// EscapeTitle writes a title as MediaWiki writes it into addresses (wfUrlencode).
func EscapeTitle(title string) string {
	const keep = "-_.~;@$!*(),/:"
	var b strings.Builder
	for i := range len(title) {
		switch c := title[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
