// Package house holds the claims about the house as a whole: which room may
// use which, who alone may write, how long a file may be, what a task needs to
// move in. They are read off the source by the compiler's own eyes
// (go/packages), so they cannot drift from it.
//
// The rooms and their floors stand in floors_test.go. The sample task in the
// folder sample shows what a newcomer brings along; the script
// tests/command/sample.txtar moves it in beside the real ones.
package house

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const module = "filewarden"

// root is the folder of the house, as the tests see it.
const root = "../.."

// load reads every package of the house without its tests, once.
var load = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Dir: root,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports |
			packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedExportFile,
	}, "./...")
})

// rooms are the packages of the house, by their path beneath the module; main
// is ".". The tests' own folder is no room.
func rooms(t *testing.T) map[string]*packages.Package {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*packages.Package{}
	for _, p := range all {
		for _, e := range p.Errors {
			t.Fatalf("%s: %v", p.PkgPath, e)
		}
		room := ours(p.PkgPath)
		if room != "tests" && !strings.HasPrefix(room, "tests/") {
			found[room] = p
		}
	}
	return found
}

// ours is the path of a package beneath the module: "." for main, "" for
// packages of other modules.
func ours(path string) string {
	if path == module {
		return "."
	}
	room, inside := strings.CutPrefix(path, module+"/")
	if !inside {
		return ""
	}
	return room
}

// where is a position as a reader of the test's output finds it.
func where(p *packages.Package, pos token.Pos) string {
	at := p.Fset.Position(pos)
	if name, err := filepath.Rel(root, at.Filename); err == nil && !strings.HasPrefix(name, "..") {
		at.Filename = name
	} else if abs, err := filepath.Abs(root); err == nil {
		at.Filename = strings.TrimPrefix(at.Filename, abs+"/")
	}
	return at.String()
}

// uses calls visit for every name in a package that stands for something elsewhere.
func uses(p *packages.Package, visit func(id *ast.Ident, of types.Object)) {
	for id, of := range p.TypesInfo.Uses {
		if of.Pkg() != nil {
			visit(id, of)
		}
	}
}

// goFiles walks all Go files of the house, tests too.
func goFiles(t *testing.T, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "data"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go"):
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
