package offline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignores are the rules of .gitignore files, read as gitignore(5) says: those
// of a folder come after those of its parents, and the last that matches
// decides. What is in a folder that is passed over cannot be taken back in, as
// the walk never gets there. The matching is that of doublestar, which reads **
// and character classes as git does, but for POSIX classes ([[:alpha:]]).
type ignores struct {
	rules []ignoreRule
}

// ignoreRule is one line of a .gitignore file.
type ignoreRule struct {
	folder  string // in which the file is: absolute, with slashes
	glob    string // of paths beneath the folder
	back    bool   // "!": takes files back in
	folders bool   // "/" at the end: folders only
}

// above are the rules that hold in a folder because of its parents, up to the
// root of its git repository. Outside of a repository there are none.
func above(folder string) *ignores {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return &ignores{}
	}
	i := &ignores{}
	parents := []string{}
	for at := absolute; ; at = filepath.Dir(at) {
		if at != absolute {
			parents = append(parents, at)
		}
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			i.read(filepath.Join(at, ".git", "info", "exclude"), at)
			break
		}
		if at == filepath.Dir(at) {
			return i
		}
	}
	for _, parent := range slices.Backward(parents) {
		i.enter(parent)
	}
	return i
}

// enter adds the rules of a folder.
func (i *ignores) enter(folder string) {
	i.read(filepath.Join(folder, ".gitignore"), folder)
}

// read adds the rules of a file, none where it cannot be read.
func (i *ignores) read(file, folder string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return
	}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\uFEFF")) {
		if r, ok := ignoreLine(strings.TrimRight(line, "\r\n")); ok {
			r.folder = strings.TrimSuffix(filepath.ToSlash(absolute), "/")
			i.rules = append(i.rules, r)
		}
	}
}

// braces mean something to doublestar and nothing to git.
var braces = strings.NewReplacer("{", `\{`, "}", `\}`)

// ignoreLine reads one line; ok is false for those without a rule.
func ignoreLine(line string) (r ignoreRule, ok bool) {
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	glob := trimSpaces(line)
	glob, r.back = strings.CutPrefix(glob, "!")
	glob, r.folders = strings.CutSuffix(glob, "/")
	if !strings.Contains(glob, "/") {
		glob = "**/" + glob
	}
	glob = strings.TrimPrefix(glob, "/")
	if within, ok := strings.CutSuffix(glob, "/**"); ok { // all within, but not the folder itself
		glob = within + "/**/*"
	}
	r.glob = braces.Replace(glob)
	return r, glob != "" && glob != "**/" && doublestar.ValidatePattern(r.glob)
}

// trimSpaces drops the spaces at the end of a line but for those after a backslash.
func trimSpaces(line string) string {
	trimmed := strings.TrimRight(line, " ")
	if strings.HasSuffix(trimmed, `\`) && len(trimmed) < len(line) {
		return trimmed + " "
	}
	return trimmed
}

// match says whether the rules name an entry of a folder that was entered.
func (i *ignores) match(path string, folder bool) bool {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	path = filepath.ToSlash(absolute)
	for _, r := range slices.Backward(i.rules) {
		beneath, ok := strings.CutPrefix(path, r.folder+"/")
		if ok && (folder || !r.folders) && doublestar.MatchUnvalidated(r.glob, beneath) {
			return !r.back
		}
	}
	return false
}
