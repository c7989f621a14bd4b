package offline

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

// Paint colours text for a terminal, or does not. The sequences are SGR of ECMA-48.
type Paint bool

func (p Paint) with(sgr, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

func (p Paint) bold(s string) string  { return p.with("1", s) }
func (p Paint) faint(s string) string { return p.with("2", s) }
func (p Paint) red(s string) string   { return p.with("31", s) }
func (p Paint) green(s string) string { return p.with("32", s) }

func (p Paint) severity(s rule.Severity) string {
	return p.with(map[rule.Severity]string{rule.Error: "31", rule.Warning: "33", rule.Info: "36"}[s], s.String())
}

// Text writes the report for a reader: files with what is wrong in them, and
// a line of counts.
func (r *Report) Text(w io.Writer, p Paint) error {
	var out strings.Builder
	for _, i := range r.Items {
		r.item(&out, i, p)
	}
	out.WriteString(r.Counts().String() + "\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// item writes what there is to say of one text, nothing where all is well.
func (r *Report) item(out *strings.Builder, i Item, p Paint) {
	if len(i.Findings)+len(i.Marks) == 0 && i.Analysis == audit.Full {
		return
	}
	fmt.Fprintln(out, p.bold(visible(i.Path)))
	if i.Analysis != audit.Full {
		fmt.Fprintf(out, "  %s: %s\n", map[audit.Analysis]string{
			audit.Partial: "read in part", audit.Skipped: "not read"}[i.Analysis], visible(i.Why))
	}
	for n, f := range i.Findings {
		r.one(out, f, i.Excerpts[n], p)
	}
	for _, m := range i.Marks {
		fmt.Fprintf(out, "  %d  %s: %s\n", m.Line, markWords(m.Why), p.faint(visible(m.Text)))
	}
	out.WriteByte('\n')
}

func markWords(why string) string {
	switch why {
	case "no-reason":
		return "this mark ignores nothing, as it gives no reason"
	case "unknown-rule":
		return "this mark ignores nothing, as there is no such rule"
	case "nothing-to-ignore":
		return "this mark is not needed any more"
	}
	return "this mark ignores nothing (" + why + ")"
}

// one writes a finding: place and rule, why, the line with carets, the fix.
func (r *Report) one(out *strings.Builder, f audit.Finding, e Excerpt, p Paint) {
	fmt.Fprintf(out, "  %d:%d  %s  %s  %s\n", f.Line, f.Column, p.severity(f.Severity), f.Rule, p.bold(title(r.Words, f.Rule)))
	fmt.Fprintf(out, "    %s\n", reason(r.Words, f.Rule, f.Args))
	fmt.Fprintf(out, "    %s %s\n", p.faint("|"), e.Line)
	fmt.Fprintf(out, "    %s %s%s\n", p.faint("|"), strings.Repeat(" ", e.Column), p.red(strings.Repeat("^", max(1, e.Width))))
	if f.Fix != "" {
		fmt.Fprintf(out, "    %s %s\n", p.green("fix:"), strings.ReplaceAll(visibleLines(f.Fix), "\n", "\n         "))
	}
}

// visible is foreign text on one line of a terminal that obeys escape
// sequences: they are made visible.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == 0x2028 || c == 0x2029 {
			return '\uFFFD'
		}
		return c
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\t", " "))
}

func visibleLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for n := range lines {
		lines[n] = visible(lines[n])
	}
	return strings.Join(lines, "\n")
}

// String is the last line of the text report.
func (c Counts) String() string {
	files := many(c.Files, "file", "files")
	said := "No findings in " + files
	if c.Errors+c.Warnings+c.Infos > 0 {
		said = fmt.Sprintf("%s, %s, %s in %d of %s", many(c.Errors, "error", "errors"),
			many(c.Warnings, "warning", "warnings"), many(c.Infos, "note", "notes"), c.With, files)
	}
	for _, more := range []struct {
		n    int
		said string
	}{{c.Ignored, "ignored"}, {c.Partial, "read in part"}, {c.Skipped, "not read"}} {
		if more.n > 0 {
			said += fmt.Sprintf("; %d %s", more.n, more.said)
		}
	}
	return said + "."
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
