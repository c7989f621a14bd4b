package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// auditTarget is how many times faster than ESLint the audit should be.
const auditTarget = 20

// TestHowFastAnAuditIs needs no wiki, so it can be run where there is none.
func TestHowFastAnAuditIs(t *testing.T) {
	chosen, ok := sizes()[os.Getenv(sizeVariable)]
	if !ok {
		t.Skip("the benchmarks are run by tests/bench/run")
	}
	mixed := &gadgets{Name: "as on wikis", Media: asOnWikis, Files: chosen.gadgets, Bytes: chosen.gadgets * 19 << 10}
	none := &gadgets{Name: "without trigger words", Media: 0, Files: mixed.Files, Bytes: mixed.Bytes}
	all := &gadgets{Name: "all with trigger words", Media: 1, Files: mixed.Files, Bytes: mixed.Bytes}
	for _, g := range []*gadgets{mixed, none, all} {
		if err := g.write(t.TempDir()); err != nil {
			t.Fatal(err)
		}
	}
	compared(t, mixed, chosen.rounds)
	folders := []*gadgets{none, mixed, all}
	if from := os.Getenv(gadgetsVariable); from != "" {
		real, err := copied(from, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		compared(t, real, chosen.rounds)
		folders = append(folders, real)
	}
	alone(t, folders, chosen.starts)
}

// auditor is one that reads a folder of scripts.
type auditor struct {
	name    string
	command func(g *gadgets) *exec.Cmd
	found   func(out string) (findings, error)

	seen            findings
	wall, cpu, peak series
}

// findings are what an auditor said.
type findings struct {
	faults   int // file types read from the end of an address
	unparsed int // scripts that it could not parse, or in part only
}

func ourAuditor() *auditor {
	return &auditor{name: "filewarden, all rules", found: foundByUs, command: func(g *gadgets) *exec.Cmd {
		cmd := exec.Command(os.Getenv(binaryVariable), "audit", "--fail-on", "never", "--format", "json", ".")
		cmd.Dir = g.dir
		return cmd
	}}
}

// eslints are ESLint in one process, as it is by default, and in several.
func eslints(t *testing.T) (all []*auditor) {
	node := os.Getenv(nodeVariable)
	if node == "" {
		return nil
	}
	peers, err := filepath.Abs("peers")
	if err != nil {
		t.Fatal(err)
	}
	for _, concurrency := range []string{"off", "auto"} {
		all = append(all, &auditor{name: "ESLint, one rule, concurrency " + concurrency, found: foundByESLint, command: func(g *gadgets) *exec.Cmd {
			cmd := exec.Command(node, filepath.Join(peers, "node_modules/eslint/bin/eslint.js"),
				"--config", filepath.Join(peers, "eslint.config.mjs"), "--concurrency", concurrency, "--format", "json", ".")
			cmd.Dir = g.dir
			return cmd
		}})
	}
	return all
}

// compared is the eighth row: one folder, all auditors in turn.
func compared(t *testing.T, g *gadgets, rounds int) {
	us := ourAuditor()
	all := append([]*auditor{us}, eslints(t)...)
	for range rounds {
		for _, a := range all {
			a.run(t, g)
		}
		slices.Reverse(all)
	}
	out := table{Title: fmt.Sprintf("8. Audit of %d scripts, %.0f MB, %s: %d times faster than ESLint with one rule", g.Files, megabytes(g.bytes), g.Name, auditTarget)}
	out.row("", "wall s", "CPU s", "MB/s", "memory MB", "not parsed", "filewarden is faster", "verdict")
	slices.SortFunc(all, func(a, b *auditor) int { return int(1000 * (a.wall.median() - b.wall.median())) })
	for _, a := range all {
		times, verdict := "", ""
		if a != us {
			ratio := a.wall.median() / us.wall.median()
			times, verdict = fmt.Sprintf("%.1f times (CPU: %.1f)", ratio, a.cpu.median()/us.cpu.median()), "reached"
			if ratio < auditTarget {
				verdict = "TOLD: less"
			}
		}
		out.row(a.name, a.wall, a.cpu, short(megabytes(g.bytes)/a.wall.median()), a.peak, a.seen.unparsed, times, verdict)
	}
	fmt.Println(out.String())
}

// alone tells our speed by how much of a folder has trigger words.
func alone(t *testing.T, folders []*gadgets, rounds int) {
	out := table{Title: "   The same by what is in the scripts"}
	out.row("", "wall s", "CPU s", "MB/s", "MB per CPU s", "memory MB")
	for _, g := range folders {
		us := ourAuditor()
		for range rounds {
			us.run(t, g)
		}
		out.row(g.Name, us.wall, us.cpu, short(megabytes(g.bytes)/us.wall.median()), short(megabytes(g.bytes)/us.cpu.median()), us.peak)
	}
	fmt.Println(out.String())
}

// run audits a folder and checks that everything was found.
func (a *auditor) run(t *testing.T, g *gadgets) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c, err := measure(ctx, a.command(g))
	if err != nil && !saidErrors(err) {
		t.Fatalf("%s: %v", a.name, err)
	}
	if a.seen, err = a.found(c.Out); err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	if want := (findings{faults: g.faults}); g.faults != unknown && a.seen != want {
		t.Errorf("%s, scripts %s: found %+v, want %+v", a.name, g.Name, a.seen, want)
	}
	a.wall, a.cpu = append(a.wall, seconds(c.Wall)), append(a.cpu, seconds(c.CPU))
	a.peak = append(a.peak, megabytes(c.Peak))
}

// saidErrors says whether an auditor ended as one does that found errors:
// ESLint counts scripts among them that it cannot parse.
func saidErrors(err error) bool {
	var ended *exec.ExitError
	return errors.As(err, &ended) && ended.ExitCode() == 1
}

func foundByUs(out string) (said findings, err error) {
	var report struct {
		Summary  struct{ Partial int }
		Findings []struct{ Rule string }
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		return said, err
	}
	said.unparsed = report.Summary.Partial
	for _, f := range report.Findings {
		if f.Rule == "PV001" {
			said.faults++
		}
	}
	return said, nil
}

func foundByESLint(out string) (said findings, err error) {
	var report []struct {
		Messages []struct {
			RuleID string
			Fatal  bool
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		return said, err
	}
	for _, file := range report {
		for _, m := range file.Messages {
			switch {
			case m.Fatal:
				said.unparsed++
			case m.RuleID == "no-restricted-syntax":
				said.faults++
			}
		}
	}
	return said, nil
}
