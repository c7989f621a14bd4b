package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// claim is a file of testdata: a sentence, and steps.
//
//	# What is claimed.
//	! code
//
//	> Botty WRITE action=edit & title=A & text=one\ntwo
//	@ edit.result edit.newrevid
//	{ … the answer, normalised … }
//
// A step names who asks, how, and the parameters. The ways are GET, POST, WRITE
// with the token that the action needs, UPLOAD with a picture (see content),
// CONTINUE for the last request again with what its answer said to continue
// with, FETCH for the picture whose address the last answer has, JOBS to finish
// what the wiki put off, FILTER to set the abuse filter. "@" looks only at parts
// of the answer. "! code" wants a wiki with gadgets, modules and style sheets of
// templates, "! uploads" one that watches uploads.
type claim struct {
	file  string
	intro string
	steps []*step

	code    bool // the wiki has all sorts of code
	uploads bool // the wiki watches uploads
}

type step struct {
	line, who, how string
	params         [][2]string
	only           []string
	want           string
}

func readClaim(t *testing.T, file string) *claim {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &claim{file: file}
	for line := range strings.Lines(string(raw)) {
		if text, ok := strings.CutPrefix(line, "> "); ok {
			c.steps = append(c.steps, readStep(t, strings.TrimRight(text, "\n")))
			continue
		}
		if len(c.steps) == 0 {
			c.code = c.code || strings.TrimSpace(line) == "! code"
			c.uploads = c.uploads || strings.TrimSpace(line) == "! uploads"
			c.intro += line
			continue
		}
		s := c.steps[len(c.steps)-1]
		if text, ok := strings.CutPrefix(line, "@ "); ok {
			s.only = strings.Fields(text)
		} else {
			s.want += line
		}
	}
	return c
}

func readStep(t *testing.T, line string) *step {
	t.Helper()
	head, rest, _ := strings.Cut(line, " ")
	how, rest, _ := strings.Cut(rest, " ")
	s := &step{line: line, who: head, how: how}
	for _, pair := range strings.Split(rest, " & ") {
		if pair == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			t.Fatalf("no value in %q of %q", pair, line)
		}
		s.params = append(s.params, [2]string{key, strings.ReplaceAll(value, `\n`, "\n")})
	}
	return s
}

// write stores the claim with the answers that were recorded.
func (c *claim) write(t *testing.T, answers []string) {
	t.Helper()
	var b strings.Builder
	b.WriteString(c.intro)
	for i, s := range c.steps {
		fmt.Fprintf(&b, "> %s\n", s.line)
		if len(s.only) > 0 {
			fmt.Fprintf(&b, "@ %s\n", strings.Join(s.only, " "))
		}
		b.WriteString(answers[i] + "\n\n")
	}
	if err := os.WriteFile(c.file, []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// pick keeps the parts of an answer that a step looks at; what is not there
// is null.
func pick(answer any, paths []string) any {
	if len(paths) == 0 {
		return answer
	}
	out := map[string]any{}
	for _, path := range paths {
		out[path] = walk(answer, strings.Split(path, "."))
	}
	return out
}

func walk(v any, path []string) any {
	for i, key := range path {
		switch node := v.(type) {
		case map[string]any:
			v = node[key]
		case []any:
			if key == "*" {
				list := []any{}
				for _, item := range node {
					list = append(list, walk(item, path[i+1:]))
				}
				return list
			}
			n := 0
			if _, err := fmt.Sscan(key, &n); err != nil || n >= len(node) {
				return nil
			}
			v = node[n]
		default:
			return nil
		}
	}
	return v
}

func pretty(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
