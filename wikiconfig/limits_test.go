package wikiconfig

import (
	"runtime"
	"strings"
	"testing"
)

// hostile are pages that would cost a careless reader its time or its memory.
func hostile() map[string]string {
	list := func(item string, n int) string { return `[` + strings.Repeat(item+",", n) + item + `]` }
	return map[string]string{
		"a list of a million":         `{"notices": {"groups": ` + list("1", 1_000_000) + `}}`,
		"a list of many wrong titles": `{"tasks": {"usage": {"lists": ` + list(`"<"`, 50_000) + `}}}`,
		"many lists of many":          `{"x": ` + list(list("0", 4000), 50) + `}`,
		"many unknown keys":           `{` + strings.Repeat(`"k": 1,`, 50_000) + `"mode": "live"}`,
		"a deep list":                 strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000),
		"a deep object":               strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000),
		"brackets without end":        strings.Repeat(`{"a":[`, 50_000),
		"closing brackets":            strings.Repeat(`}]`, 200_000),
		"backslashes":                 `{"mode": "` + strings.Repeat(`\\`, 200_000) + `"}`,
		"backslashes without end":     `{"mode": "` + strings.Repeat(`\`, 300_000),
		"quotes":                      strings.Repeat(`"`, 300_000),
		"comments without end":        strings.Repeat(`/*`, 200_000),
		"a long key":                  `{"` + strings.Repeat("m", 300_000) + `": 1, "mode": 1}`,
		"a long value":                `{"mode": "` + strings.Repeat("𝒳", 100_000) + `"}`,
		"a long number":               `{"trialEdits": ` + strings.Repeat("9", 300_000) + `}`,
		"a high exponent":             `{"trialEdits": 1e999999999, "editsPerMinute": 1e-999999999}`,
		"a page too long":             `{"mode": "` + strings.Repeat("x", 3_000_000) + `"}`,
		"one line without end":        `{"mode": "live", ` + strings.Repeat(" ", 300_000),
	}
}

func TestNoPageCostsMoreThanItMay(t *testing.T) {
	b := testBook(t)
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			c, problems := b.ParseConfig(text)
			p, _ := b.ParsePreferences(text)
			ParseOptOut(text)
			runtime.ReadMemStats(&after)
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 400 {
				t.Errorf("%d MiB were allocated", used)
			}
			if c != nil || p == nil || !Refused(problems) || len(problems) > maxProblems+1 {
				t.Errorf("accepted %v, %d problems", c != nil, len(problems))
			}
			checkShape(t, problems)
		})
	}
}

// checkShape holds what every problem promises.
func checkShape(t *testing.T, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		if n := len([]rune(p.Value)); n > maxShown {
			t.Errorf("a value of %d characters is shown", n)
		}
		if p.Message == "" || len(p.Message) > 1000 || !strings.HasSuffix(strings.TrimRight(p.Message, " "), ".") && !strings.HasSuffix(p.Message, "?") {
			t.Errorf("no sentence: %q", p.Message)
		}
		if len(p.Pointer) > 4*maxShown*maxDepth {
			t.Errorf("a pointer of %d bytes", len(p.Pointer))
		}
	}
}

func TestAListTooLongNamesItsLimit(t *testing.T) {
	_, problems := testBook(t).ParseConfig(hostile()["a list of a million"])
	for _, p := range problems {
		if p.Pointer == "/notices/groups" {
			if p.Value != "1000001 entries" || !strings.Contains(p.Message, "5000") {
				t.Errorf("%+v", p)
			}
			return
		}
	}
	t.Error("the list is not told of", problems[0])
}
