package wikiconfig

import (
	"fmt"
	"strings"
)

// Check finds the problems of a page or file by its name: optout.json, a
// user's Filewarden.json, and anything else as config.json.
func (b *Book) Check(name, text string) []Problem {
	var problems []Problem
	switch base := name[strings.LastIndexAny(name, `/\`)+1:]; {
	case strings.EqualFold(base, optOutPage):
		_, problems = ParseOptOut(text)
	case strings.EqualFold(base, preferencesPage):
		_, problems = b.ParsePreferences(text)
	default:
		_, problems = b.ParseConfig(text)
	}
	return problems
}

// Describe writes each problem as one line of text:
//
//	config.json:/tasks/usage/every: every is a text with its unit … (here: 240)
func Describe(name string, problems []Problem) []string {
	lines := make([]string, 0, len(problems))
	for _, p := range problems {
		line := name + ":" + p.Pointer + ": "
		if p.Warning {
			line += "warning: "
		}
		line += p.Message
		if p.Value != "" {
			line += fmt.Sprintf(" (here: %s)", p.Value)
		}
		lines = append(lines, strings.Map(onOneLine, line))
	}
	return lines
}

// onOneLine keeps foreign text from breaking a line or steering a terminal.
func onOneLine(r rune) rune {
	if r < ' ' || r >= 0x7F && r < 0xA0 {
		return ' '
	}
	return r
}
