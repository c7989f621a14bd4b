package provenance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"filewarden/bot"
	"filewarden/bot/wiki/mediaurl"
)

// URLCommands work on addresses of media; all but Probe without the wiki. Serve alone
// stays running.
type URLCommands struct {
	Parse  URLParse  `cmd:"" help:"Take addresses apart and say what is damaged."`
	Build  URLBuild  `cmd:"" help:"Build the address of a file, at a standard width."`
	Sign   URLSign   `cmd:"" help:"Sign addresses."`
	Verify URLVerify `cmd:"" help:"Say whether signatures are right and fresh; exit 1 when any is not."`
	Probe  URLProbe  `cmd:"" help:"Say what addresses of media the configured wiki emits, with which parameters."`
	Serve  Serve     `cmd:"" help:"Answer a CDN's edge: whom a media URL was made for, when, and whether that is true."`
}

// Addresses are what a command works on.
type Addresses struct {
	URL []string `arg:"" name:"url" help:"Addresses, or - to read them from standard input, one on a line."`
}

// maxLine of standard input, in bytes.
const maxLine = 1 << 20

// each hands on the addresses, those of standard input as they come.
func (a Addresses) each(c *bot.Console, do func(string) error) error {
	for _, arg := range a.URL {
		if arg != "-" {
			if err := do(arg); err != nil {
				return err
			}
			continue
		}
		lines := bufio.NewScanner(c.Stdin)
		lines.Buffer(nil, maxLine)
		for lines.Scan() {
			line := strings.TrimSpace(lines.Text())
			if line == "" {
				continue
			}
			if err := do(line); err != nil {
				return err
			}
		}
		if err := lines.Err(); err != nil {
			return fmt.Errorf("reading addresses from standard input: %w", err)
		}
	}
	return nil
}

// KeyFile names the keys of a command.
type KeyFile struct {
	Keys string `env:"FILEWARDEN_URL_KEYS" placeholder:"FILE" help:"File of keys: a line holds an id, a space and a secret in base64. Refused when others can read it. Also named by FILEWARDEN_URL_KEYS."`
}

// read refuses a file that is not there or not private as wrong use, so that
// exit 1 is left to what verify finds.
func (k KeyFile) read() (mediaurl.Keys, error) {
	if k.Keys == "" { // the environment may name an empty one, so kong cannot require it
		return nil, &bot.UseError{Text: "which keys? Name their file by --keys, or in the environment by FILEWARDEN_URL_KEYS"}
	}
	keys, err := mediaurl.ReadKeys(k.Keys)
	if err != nil {
		return nil, &bot.UseError{Text: err.Error()}
	}
	return keys, nil
}

// moment is a time as typed: RFC 3339, a date, or seconds since 1970. Empty is now.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(n, 0), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time; write it as 2026-08-03T12:00:00Z, 2026-08-03, or in seconds since 1970", text)
}

// complain tells of an address that could not be worked on.
func complain(c *bot.Console, address string, err error) {
	fmt.Fprintf(c.Err, "filewarden: %s: %s\n", printable(address), printable(reason(err)))
}

// reason is an error's text; of an address that is none of media it says what to give instead.
func reason(err error) string {
	if errors.Is(err, mediaurl.ErrNoMedia) {
		return err.Error() + ". Give the address of a file, such as https://upload.wikimedia.org/wikipedia/commons/a/a9/Example.jpg"
	}
	return err.Error()
}

// printable makes text of others harmless on a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

// bold text, where colour may be.
func bold(c *bot.Console, text string) string {
	if !c.Color {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

// writeJSON writes a value on a line, ampersands as they are.
func writeJSON(c *bot.Console, value any) error {
	e := json.NewEncoder(c.Out)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

// failed ends a command with exit 1 where something was found.
func failed(any bool) error {
	if any {
		return bot.ErrFindings
	}
	return nil
}
