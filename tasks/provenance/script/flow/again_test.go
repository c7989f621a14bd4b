package flow

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/parser"
	"golang.org/x/tools/txtar"
)

// rounds reads a script several times, every function each time or only where
// something changed, and gives the steps of each round.
func rounds(t *testing.T, text string, whole bool) (e *engine, steps []int) {
	t.Helper()
	program, err := parser.ParseFile(nil, "", text, parser.IgnoreRegExpErrors, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, nil
	}
	e = newEngine(text)
	e.slice, e.samples = sliced(program, text), samplesFor(text)
	for e.round = 1; e.round < maxRounds; e.round++ {
		was := e.steps
		e.program(program)
		steps = append(steps, e.steps-was)
		for _, f := range e.funcs {
			if whole {
				f.trace = nil
			}
		}
	}
	return e, steps
}

// told is all that is known of the expressions of a script, by their places.
func told(e *engine) map[string]string {
	all := map[string]string{}
	for n, v := range e.values {
		at := fmt.Sprintf("%T %d-%d", n, n.Idx0(), n.Idx1())
		for _, a := range v.atoms {
			all[at] += fmt.Sprintf("[%d %d %d %s %s", a.Kind, a.Form, a.Marks, a.Name, placeOf(a.Node)+placeOf(a.Made))
			if a.Vec != nil {
				all[at] += fmt.Sprintf(" %x", a.Vec.identity())
			}
			all[at] += "]"
		}
	}
	return all
}

func placeOf(n ast.Node) string {
	if n == nil {
		return " -"
	}
	return fmt.Sprintf(" %d-%d", n.Idx0(), n.Idx1())
}

func TestReadingOnlyWhatChangedTellsWhatReadingAllTells(t *testing.T) {
	scripts := []string{
		`function a(){ var u; function set(x){ u = x } function get(){ return u } set(img.src); return get().split('.').pop() } a();`,
		`function a(){ return u.src.split('.') } function b(){ u = document.images[0] } var u; a(); b();`,
		`function a(){ for (var k of list) k.src.split('.') } function b(){ list.push(document.images[0]) } var list = []; a(); b();`,
		`function a(){ return o.p.src.split('.') } function b(){ o.p = document.images[0] } var o = {}; a(); b();`,
		`function a(x){ return x.src.split('.') } function b(){ a(document.images[0]) } b();`,
		`var u, late = () => u.src; function b(){ u = c() } function c(){ return d } var d = img; b(); late().split('?');`,
		`class P { get url(){ return this.u } set(x){ this.u = x } } var p = new P(); p.set(q.src); function q1(){ return p.url } var q = document.images[0]; q1().slice(-3);`,
		`var list = []; function add(x){ list.push(x) } function all(){ return list.map( i => i.src ) } all().forEach( s => s.endsWith('.png') ); document.querySelectorAll('img').forEach( i => add(i) );`,
		`function f(...r){ return r[0] } function g(){ if (h) { u = f(img.src) } else { u = '' } return u } var u, h; g(); u.split('/');`,
	}
	files, err := filepath.Glob("../testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			scripts = append(scripts, string(f.Data))
		}
	}
	for _, text := range scripts {
		some, _ := rounds(t, text, false)
		if some == nil {
			continue
		}
		all, _ := rounds(t, text, true)
		if diff := cmp.Diff(told(all), told(some)); diff != "" {
			t.Errorf("%s\n(- reading all, + reading what changed)\n%s", text, diff)
		}
	}
}

func TestWhatDidNotChangeIsNotReadAgain(t *testing.T) {
	text := "function last(){ return first() }" + strings.Repeat("(function(){ var u = img.src; u = u.split('.'); u = u.pop(); })();", 50) +
		"function first(){ return img.src }"
	_, steps := rounds(t, text, false)
	if steps[1] > steps[0]*2/3 || steps[2] > steps[0]*2/3 {
		t.Errorf("steps of the rounds: %v", steps)
	}
}
