package offline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filewarden/tasks/provenance/audit"

	"github.com/bmatcuk/doublestar/v4"
)

// Search is where files are looked for, and which are passed over.
type Search struct {
	Exclude  []string // globs
	NoIgnore bool     // .gitignore counts for nothing
}

// File is one that is to be read, or a name that leads to none.
type File struct {
	Path    string
	Named   bool // by itself, not found in a folder: it is read whatever it is
	Failure error
}

// ErrNothing is a glob or a name that no file has.
var ErrNothing = errors.New("no such file")

// Files finds what arguments name, each file once and in the order of the
// arguments. Stdin is itself. A folder stands for the files within that have a language; a glob
// (* ? [a-z] {a,b} **) for those it matches.
func (s Search) Files(args []string) []File {
	var all []File
	seen := map[string]bool{}
	for _, arg := range args {
		for _, f := range s.argument(filepath.Clean(arg)) {
			if !seen[f.Path] {
				seen[f.Path] = true
				all = append(all, f)
			}
		}
	}
	return all
}

func (s Search) argument(arg string) []File {
	info, err := os.Stat(arg)
	switch {
	case arg == Stdin:
		return []File{{Path: arg, Named: true}}
	case err == nil && info.IsDir():
		return s.walk(arg, "")
	case err == nil:
		return []File{{Path: arg, Named: true}}
	case !errors.Is(err, fs.ErrNotExist):
		return []File{{Path: arg, Named: true, Failure: plain(err)}}
	case !strings.ContainsAny(arg, "*?[{"):
		return []File{{Path: arg, Named: true, Failure: ErrNothing}}
	}
	return s.glob(arg)
}

// plain is an error without the path, which is said beside it.
func plain(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func (s Search) glob(pattern string) []File {
	pattern = filepath.ToSlash(pattern)
	if !doublestar.ValidatePattern(pattern) {
		return []File{{Path: pattern, Named: true, Failure: fmt.Errorf("this is neither a file nor a glob: %w", doublestar.ErrBadPattern)}}
	}
	base, _ := doublestar.SplitPattern(pattern)
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		return []File{{Path: pattern, Named: true, Failure: ErrNothing}}
	}
	found := s.walk(filepath.FromSlash(base), pattern)
	if len(found) == 0 {
		return []File{{Path: pattern, Named: true, Failure: ErrNothing}}
	}
	return found
}

// walker goes through one folder.
type walker struct {
	Search
	pattern string   // a glob that files must match; "": those with a language
	asked   []string // parts of the glob, which may name hidden folders
	rules   *ignores
	found   []File
}

// walk finds the files within a folder, by name.
func (s Search) walk(folder, pattern string) []File {
	w := &walker{Search: s, pattern: pattern, asked: strings.Split(pattern, "/"), rules: &ignores{}}
	if !s.NoIgnore {
		w.rules = above(folder)
	}
	if !os.IsPathSeparator(folder[len(folder)-1]) {
		folder += string(filepath.Separator) // a link that is named is followed
	}
	// What is wrong with an entry is told in its place; the walk itself goes on.
	_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error { return w.visit(folder, path, d, err) })
	return w.found
}

func (w *walker) visit(folder, path string, d fs.DirEntry, err error) error {
	if err != nil {
		w.found = append(w.found, File{Path: path, Failure: plain(err)})
		return nil
	}
	if path != folder && w.passes(path, d) {
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if d.IsDir() {
		if !w.NoIgnore {
			w.rules.enter(path)
		}
		return nil
	}
	if d.Type().IsRegular() && w.wanted(path) {
		w.found = append(w.found, File{Path: path})
	}
	return nil
}

// passes says whether an entry is passed over.
func (w *walker) passes(path string, d fs.DirEntry) bool {
	name := d.Name()
	if (strings.HasPrefix(name, ".") || name == "node_modules") && !slices.Contains(w.asked, name) {
		return true
	}
	return w.excluded(path, name) || !w.NoIgnore && w.rules.match(path, d.IsDir())
}

// excluded says whether a glob of --exclude names an entry: by its whole path,
// by its end, or by its name.
func (w *walker) excluded(path, name string) bool {
	path = filepath.ToSlash(path)
	return slices.ContainsFunc(w.Exclude, func(glob string) bool {
		glob = strings.TrimSuffix(strings.TrimPrefix(glob, "./"), "/")
		return doublestar.MatchUnvalidated(glob, name) || doublestar.MatchUnvalidated(glob, path) ||
			doublestar.MatchUnvalidated("**/"+glob, path)
	})
}

// wanted says whether a file in a folder is read. A glob names files whose
// language is not known as well; those are told as not read.
func (w *walker) wanted(path string) bool {
	if w.pattern != "" {
		return doublestar.MatchUnvalidated(w.pattern, filepath.ToSlash(path))
	}
	_, ok := audit.LanguageOf(filepath.ToSlash(path))
	return ok
}
