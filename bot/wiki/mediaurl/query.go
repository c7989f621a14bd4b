package mediaurl

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Names of the parameters, in the order that core appends them; the signature
// follows. They are what https://www.mediawiki.org/wiki/Manual:$wgTrackMediaRequestProvenance
// documents, and utm_term is Filewarden's own.
const (
	ParamSource    = "utm_source"
	ParamCampaign  = "utm_campaign"
	ParamContent   = "utm_content"
	ParamSignature = "utm_term"
)

// params reads a query. Of a parameter given twice the last one counts, as in PHP.
func (u *URL) params(query string) []Param {
	var all []Param
	last := map[string]int{}
	for _, part := range strings.Split(u.separate(query), "&") {
		if part == "" {
			continue
		}
		p := readParam(part)
		if _, twice := last[p.Name]; twice && known(p.Name) {
			u.damaged("%s is given twice", p.Name)
		}
		last[p.Name] = len(all)
		all = append(all, p)
	}
	kept := all[:0]
	for i, p := range all {
		if !known(p.Name) || last[p.Name] == i {
			kept = append(kept, p)
		}
	}
	return kept
}

// known says whether a parameter means something to a URL, so that it cannot
// be there twice. Others may.
func known(name string) bool {
	switch name {
	case ParamSource, ParamCampaign, ParamContent, ParamSignature,
		"title", "file", "wptype", "wpvalue", "f", "w", "width", "p", "page", "lang", "archived":
		return true
	}
	return false
}

func readParam(part string) Param {
	name, value, _ := strings.Cut(part, "=")
	return Param{formDecode(name), formDecode(value)}
}

// formDecode decodes as forms are: a plus sign is a space.
func formDecode(s string) string {
	s, _ = unescape(strings.ReplaceAll(s, "+", " "))
	return s
}

// again is a second question mark that starts another query: before a parameter
// of provenance, or after the value of one.
var again = regexp.MustCompile(`\?(utm_(?:source|campaign|content|term)=)|((?:^|&)utm_(?:source|campaign|content|term)=[^&?]*)\?`)

// separate makes an ampersand of a second question mark.
func (u *URL) separate(query string) string {
	for {
		mended := again.ReplaceAllString(query, "$2&$1")
		if mended == query {
			return query
		}
		u.damaged("a question mark stands twice")
		query = mended
	}
}

// contents are the values of utm_content, longest first.
var contents = regexp.MustCompile(`^(thumbnail_unscaled|thumbnail|original)[^A-Za-z_]`)

// takeProvenance fills in the parameters of provenance, and keeps the rest.
func (u *URL) takeProvenance(params []Param) {
	for _, p := range params {
		switch p.Name {
		case ParamSource:
			u.Provenance.Source = p.Value
		case ParamCampaign:
			u.Provenance.Campaign = p.Value
		case ParamContent:
			u.Provenance.Content = u.content(p.Value)
		case ParamSignature:
			u.Signature = p.Value
		default:
			u.Others = append(u.Others, p)
		}
	}
}

// content drops what was stuck to a value of utm_content ("thumbnail=400").
func (u *URL) content(value string) string {
	found := contents.FindStringSubmatch(value)
	if found == nil {
		return value
	}
	u.damaged("text is stuck to %s: %q", ParamContent, value[len(found[1]):])
	return found[1]
}

// take removes a parameter from params and returns its value.
func take(params *[]Param, name string) (string, bool) {
	i := slices.IndexFunc(*params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return "", false
	}
	value := (*params)[i].Value
	*params = slices.Delete(*params, i, i+1)
	return value, true
}

// writeQuery joins parameters; a value that is empty has no equals sign.
func writeQuery(params []Param) string {
	parts := make([]string, 0, len(params))
	for _, p := range params {
		part := url.QueryEscape(p.Name)
		if p.Value != "" || p.Name == "" {
			part += "=" + url.QueryEscape(p.Value)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "&")
}
