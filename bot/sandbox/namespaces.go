package sandbox

import (
	"sort"
	"strings"
)

// The namespaces that every MediaWiki has.
const (
	nsMedia        = -2
	nsSpecial      = -1
	nsMain         = 0
	nsTalk         = 1
	nsUser         = 2
	nsUserTalk     = 3
	nsProject      = 4
	nsFile         = 6
	nsMediaWiki    = 8
	nsTemplate     = 10
	nsCategory     = 14
	nsCategoryTalk = 15
)

// The namespaces that Scribunto brings along.
const (
	nsModule     = 828
	nsModuleTalk = 829
)

var canonicalNamespaces = map[int]string{
	nsMedia: "Media", nsSpecial: "Special", 0: "", 1: "Talk", 2: "User", 3: "User talk",
	4: "Project", 5: "Project talk", 6: "File", 7: "File talk", 8: "MediaWiki", 9: "MediaWiki talk",
	10: "Template", 11: "Template talk", 12: "Help", 13: "Help talk", 14: "Category", 15: "Category talk",
	nsModule: "Module", nsModuleTalk: "Module talk",
}

// localNamespaces are the names by content language, where "$1" is the name
// of the site; a language that is not listed has English names.
var localNamespaces = map[string]map[int]string{
	"de": {-2: "Medium", -1: "Spezial", 1: "Diskussion", 2: "Benutzer", 3: "Benutzer Diskussion", 5: "$1 Diskussion",
		6: "Datei", 7: "Datei Diskussion", 9: "MediaWiki Diskussion", 10: "Vorlage", 11: "Vorlage Diskussion",
		12: "Hilfe", 13: "Hilfe Diskussion", 14: "Kategorie", 15: "Kategorie Diskussion",
		nsModule: "Modul", nsModuleTalk: "Modul Diskussion"},
	"fr": {-2: "Média", -1: "Spécial", 1: "Discussion", 2: "Utilisateur", 3: "Discussion utilisateur", 5: "Discussion $1",
		6: "Fichier", 7: "Discussion fichier", 9: "Discussion MediaWiki", 10: "Modèle", 11: "Discussion modèle",
		12: "Aide", 13: "Discussion aide", 14: "Catégorie", 15: "Discussion catégorie",
		nsModule: "Module", nsModuleTalk: "Discussion module"},
	"zh-hans": {-2: "媒体", -1: "特殊", 1: "讨论", 2: "用户", 3: "用户讨论", 5: "$1讨论", 6: "文件", 7: "文件讨论",
		10: "模板", 11: "模板讨论", 12: "帮助", 13: "帮助讨论", 14: "分类", 15: "分类讨论", nsModule: "模块", nsModuleTalk: "模块讨论"},
}

var localAliases = map[string]map[string]int{
	"de": {"Bild": 6, "Bild Diskussion": 7, "Benutzerin": 2, "Benutzerin Diskussion": 3},
	"fr": {"Utilisatrice": 2, "Discussion utilisatrice": 3, "Discussion Image": 7},
}

type namespaceTable struct {
	names   map[int]string
	aliases map[string]int
	lookup  map[string]int // lower case
}

func newNamespaces(o Options) *namespaceTable {
	language, site := o.Language, o.SiteName
	n := &namespaceTable{names: map[int]string{}, aliases: map[string]int{"Image": nsFile, "Image talk": nsFile + 1}, lookup: map[string]int{}}
	site = strings.ReplaceAll(site, "_", " ")
	for id, canonical := range canonicalNamespaces {
		if id >= nsModule && !o.Scribunto {
			continue
		}
		name := canonical
		if local, ok := localNamespaces[language][id]; ok {
			name = local
		} else if id == nsProject {
			name = "$1"
		} else if id == nsProject+1 {
			name = "$1 talk"
		}
		n.names[id] = strings.ReplaceAll(name, "$1", site)
		n.learn(canonical, id)
		n.learn(n.names[id], id)
	}
	for alias, id := range localAliases[language] {
		n.aliases[alias] = id
	}
	for alias, id := range n.aliases {
		n.learn(alias, id)
	}
	return n
}

func (n *namespaceTable) learn(name string, id int) {
	if name != "" {
		n.lookup[strings.ToLower(name)] = id
	}
}

func (n *namespaceTable) byName(name string) (int, bool) {
	id, ok := n.lookup[strings.ToLower(strings.ReplaceAll(name, "_", " "))]
	return id, ok
}

func (n *namespaceTable) name(id int) string { return n.names[id] }

func (n *namespaceTable) exists(id int) bool { _, ok := n.names[id]; return ok }

// ids are all namespaces in ascending order.
func (n *namespaceTable) ids() []int {
	var ids []int
	for id := range n.names {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	return ids
}

// hasSubpages follows $wgNamespacesWithSubpages.
func hasSubpages(ns int) bool {
	switch ns {
	case nsMedia, nsSpecial, nsMain, nsFile, nsCategory:
		return false
	}
	return true
}

// interwikis are the prefixes that a fresh installation brings along and that
// the demo's pages need.
var interwikis = map[string]string{
	"mw": "https://www.mediawiki.org/wiki/$1", "commons": "https://commons.wikimedia.org/wiki/$1",
	"wikipedia": "https://en.wikipedia.org/wiki/$1", "meta": "https://meta.wikimedia.org/wiki/$1",
	"w": "https://en.wikipedia.org/wiki/$1", "d": "https://www.wikidata.org/wiki/$1",
	"wikidata": "https://www.wikidata.org/wiki/$1", "mediawikiwiki": "https://www.mediawiki.org/wiki/$1",
	"de": "https://de.wikipedia.org/wiki/$1", "fr": "https://fr.wikipedia.org/wiki/$1", "en": "https://en.wikipedia.org/wiki/$1",
}

func (w *Wiki) isInterwiki(prefix string) bool { return w.interwikiURL(prefix) != "" }

// interwikiURL is the pattern of a prefix; wikis of one farm know each other
// by language and by database name.
func (w *Wiki) interwikiURL(prefix string) string {
	prefix = strings.ToLower(prefix)
	if w.farm != nil {
		for _, other := range w.farm.all() {
			if other != w && (prefix == other.opts.Name || prefix == other.prefix()) {
				return other.opts.Server + "/wiki/$1"
			}
		}
	}
	return interwikis[prefix]
}

// prefix is the short name by which other wikis of a farm link to this one.
func (w *Wiki) prefix() string {
	if w.farm != nil && w == w.farm.Repo {
		return "commons"
	}
	return strings.TrimSuffix(strings.ToLower(w.opts.Name), "wiki")
}
