package contract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filewarden/tests/realwiki"
)

func claims(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.claim")
	if err != nil || len(files) == 0 {
		t.Fatalf("no claims in testdata: %v", err)
	}
	return files
}

func TestSandboxKeepsTheClaims(t *testing.T) { keepsTheClaims(t, sandboxSide) }

func TestRealWikiKeepsTheClaims(t *testing.T) {
	if os.Getenv(realwiki.Variable) != "1" {
		t.Skipf("set %s=1 to ask a real MediaWiki", realwiki.Variable)
	}
	keepsTheClaims(t, realSide)
}

func keepsTheClaims(t *testing.T, start func(*testing.T, *claim) *side) {
	record := os.Getenv("FILEWARDEN_RECORD") == "1" && strings.Contains(t.Name(), "RealWiki")
	for _, file := range claims(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".claim"), func(t *testing.T) {
			c := readClaim(t, file)
			s := start(t, c)
			var answers []string
			for _, step := range c.steps {
				got := s.do(step)
				answers = append(answers, got)
				if diff := cmp.Diff(strings.TrimSpace(step.want), got); diff != "" && !record {
					t.Errorf("> %s\n(-claimed +answered)\n%s", step.line, diff)
				}
			}
			if record {
				c.write(t, answers)
			}
		})
	}
}
