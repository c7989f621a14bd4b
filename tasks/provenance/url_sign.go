package provenance

import (
	"errors"
	"fmt"
	"time"

	"filewarden/bot"
	"filewarden/bot/wiki/mediaurl"
)

// URLSign signs addresses with the first key.
type URLSign struct {
	Addresses
	KeyFile
	Scheme string `enum:"h1,s1" default:"h1" help:"h1 (HMAC-SHA-256) or s1 (SHA-1)."`
	At     string `placeholder:"TIME" help:"Sign as of this time: 2026-08-03T12:00:00Z, or seconds since 1970. Now, unless said otherwise."`
}

// Validate refuses a time that is none.
func (s URLSign) Validate() error {
	_, err := moment(s.At)
	return err
}

// Run prints each address with its signature; what cannot be signed is told,
// and ends with exit 1.
func (s URLSign) Run(c *bot.Console) error {
	keys, err := s.read()
	if err != nil {
		return err
	}
	at, err := moment(s.At)
	if err != nil {
		return err
	}
	bad := false
	err = s.each(c, func(raw string) error {
		signed, err := keys.Sign(raw, mediaurl.Scheme(s.Scheme), at)
		if err != nil {
			bad = true
			complain(c, raw, err)
			return nil
		}
		_, err = fmt.Fprintln(c.Out, signed)
		return err
	})
	if err != nil {
		return err
	}
	return failed(bad)
}

// URLVerify judges signatures.
type URLVerify struct {
	Addresses
	KeyFile
	Fresh  time.Duration `default:"24h" placeholder:"TIME" help:"How long a signature counts: ${default} unless said otherwise."`
	Now    string        `placeholder:"TIME" help:"Judge as of this time: 2026-08-03T12:00:00Z, or seconds since 1970. Now, unless said otherwise."`
	Format string        `enum:"text,json" default:"text" help:"text, or json: an object on a line for each address."`
}

// Help is what --help says beyond the one line.
func (URLVerify) Help() string {
	return `Each address gets a line: valid, stale (too old, or from the future), bad or none;
the class of its source (web, api, dumps, unknown), its age, the address. Exit 1 when
any is not valid, 2 when the keys cannot be read.`
}

// Validate refuses times that are none.
func (v URLVerify) Validate() error {
	if v.Fresh <= 0 {
		return errors.New("--fresh needs a time above zero, such as 24h")
	}
	_, err := moment(v.Now)
	return err
}

// Run prints a line for each address.
func (v URLVerify) Run(c *bot.Console) error {
	keys, err := v.read()
	if err != nil {
		return err
	}
	now, err := moment(v.Now)
	if err != nil {
		return err
	}
	bad := false
	err = v.each(c, func(raw string) error {
		verdict := keys.Verify(raw, now, v.Fresh)
		bad = bad || verdict.Standing != mediaurl.Valid
		if v.Format == "json" {
			return writeJSON(c, newJudged(raw, verdict))
		}
		return printVerdict(c, raw, verdict)
	})
	if err != nil {
		return err
	}
	return failed(bad)
}

// Colours of the standings (SGR of ECMA-48).
var standingColor = map[mediaurl.Standing]string{
	mediaurl.Valid: "\x1b[32m", mediaurl.Stale: "\x1b[33m", mediaurl.Bad: "\x1b[31m", mediaurl.None: "\x1b[2m",
}

func printVerdict(c *bot.Console, raw string, v mediaurl.Verdict) error {
	standing := fmt.Sprintf("%-5s", v.Standing)
	if c.Color {
		standing = standingColor[v.Standing] + standing + "\x1b[0m"
	}
	age := "-"
	if v.KeyID != "" {
		age = v.Age.Round(time.Second).String()
	}
	line := fmt.Sprintf("%s  %-7s  %10s  %s", standing, v.Class, age, printable(raw))
	if v.Why != "" {
		line += "  (" + printable(v.Why) + ")"
	}
	_, err := fmt.Fprintln(c.Out, line)
	return err
}

// judged is a verdict as JSON.
type judged struct {
	URL        string            `json:"url"`
	Standing   mediaurl.Standing `json:"standing"`
	Class      mediaurl.Class    `json:"class"`
	AgeSeconds *int64            `json:"ageSeconds,omitempty"` // of valid and stale
	KeyID      string            `json:"keyId,omitempty"`
	Why        string            `json:"why,omitempty"`
}

func newJudged(raw string, v mediaurl.Verdict) judged {
	j := judged{URL: raw, Standing: v.Standing, Class: v.Class, KeyID: v.KeyID, Why: v.Why}
	if v.KeyID != "" {
		seconds := int64(v.Age / time.Second)
		j.AgeSeconds = &seconds
	}
	return j
}
