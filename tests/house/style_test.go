package house

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The longest that things may be, in lines. Tests are tables and may be longer.
const (
	longestFile     = 400
	longestTestFile = 500
	longestFunc     = 60
)

func TestFilesAreShort(t *testing.T) {
	goFiles(t, func(path string) {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		limit := longestFile
		if strings.HasSuffix(path, "_test.go") {
			limit = longestTestFile
		}
		if n := strings.Count(string(source), "\n"); n > limit {
			t.Errorf("%s has %d lines; at %d it is two files", path, n, limit)
		}
	})
}

func TestFunctionsAreShort(t *testing.T) {
	for _, p := range rooms(t) {
		for _, file := range p.Syntax {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if n := p.Fset.Position(f.End()).Line - p.Fset.Position(f.Pos()).Line + 1; n > longestFunc {
					t.Errorf("%s: %s has %d lines", where(p, f.Pos()), f.Name.Name, n)
				}
			}
		}
	}
}

// A package is explained once, in the file named like it or in doc.go.
func TestEveryPackageIsExplained(t *testing.T) {
	for room, p := range rooms(t) {
		var in []string
		for i, file := range p.Syntax {
			if file.Doc != nil {
				in = append(in, filepath.Base(p.GoFiles[i]))
			}
		}
		if len(in) != 1 || !slices.Contains([]string{p.Name + ".go", "doc.go"}, in[0]) {
			t.Errorf("%s: want one package comment, in %s.go or doc.go; there is %v", room, p.Name, in)
		}
	}
}

func TestExportedNamesAreExplained(t *testing.T) {
	for _, p := range rooms(t) {
		for _, file := range p.Syntax {
			for _, d := range file.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && d.Doc == nil && !plain(d) {
						t.Errorf("%s: %s has no comment", where(p, d.Pos()), d.Name.Name)
					}
				case *ast.GenDecl:
					for _, s := range d.Specs {
						if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
							t.Errorf("%s: %s has no comment", where(p, s.Pos()), s.Name.Name)
						}
					}
				}
			}
		}
	}
}

// plain methods need no words: they do what the interface of that name says.
func plain(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return false
	}
	// Methods of types that the package keeps to itself are read beside the type.
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if id, ok := receiver.(*ast.Ident); ok && !id.IsExported() {
		return true
	}
	return slices.Contains([]string{"Error", "Unwrap", "String", "MarshalJSON", "UnmarshalJSON", "JSONSchema", "Len", "Less", "Swap", "ServeHTTP"}, f.Name.Name)
}

func TestThereIsNoRoomForOddsAndEnds(t *testing.T) {
	for room := range rooms(t) {
		if slices.Contains([]string{"util", "utils", "common", "helpers", "misc", "lib", "internal", "pkg"}, filepath.Base(room)) {
			t.Errorf("%s: a room is named for what it does", room)
		}
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, p := range rooms(t) {
		for _, file := range p.Syntax {
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: an init function works behind the reader's back", where(p, f.Pos()))
				}
			}
		}
	}
}

func TestTheHouseHasSixFolders(t *testing.T) {
	allowed := []string{
		"bot", "tasks", "wikiconfig", "storage", "templates", "tests",
		"main.go", "main_test.go", "go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md",
	}
	ignored, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(ignored)) {
		allowed = append(allowed, strings.Trim(line, "/"))
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		made, _ := filepath.Match("*.test", e.Name())
		if !made && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s has no place in the house", e.Name())
		}
	}
}
