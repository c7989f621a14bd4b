package bench

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"filewarden/tasks/provenance/audit"
)

// gadgetsVariable names a folder of real gadgets, such as clones of public
// repositories: the audit is measured on its scripts as well.
const gadgetsVariable = "FILEWARDEN_GADGETS"

// copied are the scripts of a folder in one of their own, so that all auditors
// read the same, whatever each of them passes over.
func copied(from, to string) (*gadgets, error) {
	g := &gadgets{Name: "real gadgets", dir: to, faults: unknown}
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return nil, fmt.Errorf("%s names no folder of gadgets: %w", gadgetsVariable, err)
	}
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != from && d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case !d.Type().IsRegular() || filepath.Ext(path) != ".js":
			return nil
		}
		return g.copy(path)
	})
	if err == nil && g.Files == 0 {
		err = fmt.Errorf("%s=%s: there are no scripts in it", gadgetsVariable, from)
	}
	return g, err
}

// unknown is how many faults there are in what others wrote.
const unknown = -1

// module is what a script has that ESLint must be told to read as a module: it
// would stop at the first line of it otherwise, and have little to do.
var module = regexp.MustCompile(`(?m)^(?:import\s*[\w{*"']|export\s+[\w{*])`)

// copy takes a script over. One that is too large to be audited is left out.
func (g *gadgets) copy(path string) error {
	text, err := os.ReadFile(path)
	if err != nil || len(text) > audit.MaxSize {
		return err
	}
	g.Files, g.bytes = g.Files+1, g.bytes+len(text)
	name := filepath.Join(g.dir, fmt.Sprintf("%02d", g.Files%40), fmt.Sprintf("%04d.js", g.Files))
	if module.Match(text) {
		name = strings.TrimSuffix(name, "js") + "mjs"
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}
