package command

import "strings"

// SGR sequences (ECMA-48) for the few things that have colour.
const (
	sgrReset  = "\x1b[0m"
	sgrBold   = "\x1b[1m"
	sgrRed    = "\x1b[31m"
	sgrGreen  = "\x1b[32m"
	sgrYellow = "\x1b[33m"
)

func (c *Context) paint(sgr, text string) string {
	if !c.Color {
		return text
	}
	return sgr + text + sgrReset
}

func (c *Context) bold(text string) string { return c.paint(sgrBold, text) }

// colorDiff paints the lines of a unified diff.
func (c *Context) colorDiff(diff string) string {
	lines := strings.Split(diff, "\n")
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "+"):
			lines[i] = c.paint(sgrGreen, line)
		case strings.HasPrefix(line, "-"):
			lines[i] = c.paint(sgrRed, line)
		}
	}
	return strings.Join(lines, "\n")
}
