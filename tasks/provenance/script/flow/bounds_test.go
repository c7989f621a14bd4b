package flow

import (
	"errors"
	"strings"
	"testing"

	"github.com/grafana/sobek/parser"
)

// stepsOf reads a script without rules and counts the work.
func stepsOf(t *testing.T, text string) int {
	t.Helper()
	program, err := parser.ParseFile(nil, "", text, parser.IgnoreRegExpErrors, parser.WithDisableSourceMaps)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(text)
	_, err = e.run(program, func() Rules { return Rules{} })
	if (err != nil) != (e.steps > maxSteps) {
		t.Errorf("%d steps of %d, and %v", e.steps, maxSteps, err)
	}
	return e.steps
}

func TestWorkGrowsWithTheLengthOfAScriptAndNotFaster(t *testing.T) {
	for name, script := range map[string]func(n int) string{
		"a chain of +":     func(n int) string { return "u=img.src" + strings.Repeat(`+"a"`, n) },
		"+= of text":       func(n int) string { return "var u=img.src,s='';" + strings.Repeat("s+='<td>'+u;", n) },
		"one long line":    func(n int) string { return strings.Repeat("q('.a',{src:'x'+y.src+'?v='+z});", n) },
		"calls of one":     func(n int) string { return "function f(u){return u.split('.')}" + strings.Repeat("f(img.src);", n) },
		"not about media":  func(n int) string { return strings.Repeat("function f(u){return u.split('.')}f(g);", n) },
		"template of many": func(n int) string { return "u=`" + strings.Repeat("${img.src}/", n) + "`" },
	} {
		small, large := stepsOf(t, script(100)), stepsOf(t, script(800))
		if large > 12*small {
			t.Errorf("%s: %d steps for 100, %d for 800", name, small, large)
		}
	}
}

// reading runs a script that reports every picture's address, with a budget of
// which some is spent already.
func reading(t *testing.T, text string, spent int) (e *engine, findings int, err error) {
	t.Helper()
	program, err := parser.ParseFile(nil, "", text, parser.IgnoreRegExpErrors, parser.WithDisableSourceMaps)
	if err != nil {
		t.Fatal(err)
	}
	tellAddress := func(s *Site) {
		if s.Result.Known() {
			s.Report("PV001", s.Node, "")
		}
	}
	e = newEngine(text)
	e.steps = spent
	found, err := e.run(program, func() Rules { return Rules{Member: []Rule{tellAddress}} })
	return e, len(found), err
}

func TestAScriptThatIsTooLongKeepsWhatWasFound(t *testing.T) {
	const pictures = 200
	text := strings.Repeat("use(img.src);", pictures)
	const late = maxSteps / 2 // then, one reading comes before that which reports
	e, found, err := reading(t, text, late)
	if found != pictures || err != nil {
		t.Fatalf("within the budget: %d findings, %v", found, err)
	}
	_, found, err = reading(t, text, maxSteps-(e.steps-late)*3/4)
	if !errors.Is(err, ErrBudget) {
		t.Errorf("beyond the budget: %v, want %v", err, ErrBudget)
	}
	if found == 0 || found >= pictures {
		t.Errorf("beyond the budget: %d findings of %d, want some", found, pictures)
	}
}
