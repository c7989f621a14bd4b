package audit

import (
	"path"
	"slices"
	"strings"
)

// byEnding is the language of a file, or of a page whose title ends like one.
var byEnding = map[string]Language{
	".js": JavaScript, ".mjs": JavaScript, ".cjs": JavaScript, ".jsx": JavaScript, ".ts": JavaScript, ".tsx": JavaScript,
	".css": CSS, ".less": CSS, ".scss": CSS,
	".lua":      Lua,
	".wikitext": Wikitext, ".wiki": Wikitext, ".mediawiki": Wikitext,
	".html": HTML, ".htm": HTML, ".vue": HTML,
}

// byModel is the language of a page by its content model:
// https://www.mediawiki.org/wiki/Manual:Page_content_models
var byModel = map[string]Language{
	"javascript": JavaScript, "css": CSS, "sanitized-css": CSS, "Scribunto": Lua, "wikitext": Wikitext, "vue": HTML,
}

// modules are the names of the namespace of Lua modules, in lower case.
var modules = []string{
	"module", "modul", "módulo", "modulo", "módul", "moduł", "modüle", "modül", "moduuli", "mòdul", "modulis", "модуль", "модул",
	"模块", "模組", "모듈", "モジュール", "وحدة", "پودمان", "יחידה", "मॉड्यूल", "মডিউল", "มอดูล", "mô đun",
}

// pages are the namespaces of wikitext whose titles can be told from the path
// of a file.
var pages = []string{
	"template", "mediawiki", "user", "project", "help", "portal", "file", "category", "wikipedia", "vorlage", "modèle", "plantilla",
	"predefinição", "шаблон", "模板", "テンプレート", "틀", "szablon", "sjabloon", "mall", "benutzer", "utilisateur",
}

// LanguageOf tells the language of a file by its name, or of a page by its title.
func LanguageOf(name string) (Language, bool) {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if l, ok := byEnding[path.Ext(base)]; ok {
		return l, true
	}
	space, _, ok := strings.Cut(strings.ToLower(strings.ReplaceAll(name, "_", " ")), ":")
	switch {
	case !ok || path.Ext(base) == ".json":
		return "", false
	case slices.Contains(modules, space):
		if strings.HasSuffix(base, "doc") && base != strings.ToLower(name) {
			return Wikitext, true
		}
		return Lua, true
	case slices.Contains(pages, space):
		return Wikitext, true
	}
	return "", false
}

// LanguageOfModel tells the language of a page by its content model.
func LanguageOfModel(model string) (Language, bool) {
	l, ok := byModel[model]
	return l, ok
}
