package wikiconfig

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// Duration is a length of time in JSON, such as "4h", "90m", "2d" or "1h30m".
// The key every is bounded from 5m to 30d, other durations from 0 to a year.
type Duration time.Duration

const (
	durationPattern = `^([0-9]+(d|h|m|s))+$`
	day             = 24 * time.Hour
)

var durationPart = regexp.MustCompile(`([0-9]+)(d|h|m|s)`)
var durationForm = regexp.MustCompile(durationPattern)

// JSONSchema describes the written form.
func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: durationPattern}
}

// String is the shortest written form: "4h", "90m", "48h".
func (d Duration) String() string {
	t := time.Duration(d)
	switch {
	case t == 0:
		return "0m"
	case t%time.Hour == 0:
		return strconv.FormatInt(int64(t/time.Hour), 10) + "h"
	case t%time.Minute == 0:
		return strconv.FormatInt(int64(t/time.Minute), 10) + "m"
	}
	return strconv.FormatInt(int64(t/time.Second), 10) + "s"
}

// MarshalJSON writes the duration as String does.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads what parseDuration does.
func (d *Duration) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("a duration is a text such as \"4h\": %w", err)
	}
	t, ok := parseDuration(s)
	if !ok {
		return fmt.Errorf("%q is no duration such as \"4h\" or \"90m\"", s)
	}
	*d = Duration(t)
	return nil
}

// parseDuration reads whole numbers of days, hours, minutes and seconds. ok is
// false for anything else and for more than about 290 years.
func parseDuration(s string) (t time.Duration, ok bool) {
	if !durationForm.MatchString(s) {
		return 0, false
	}
	for _, part := range durationPart.FindAllStringSubmatch(s, -1) {
		n, err := strconv.ParseInt(part[1], 10, 64)
		unit := map[string]time.Duration{"d": day, "h": time.Hour, "m": time.Minute, "s": time.Second}[part[2]]
		if err != nil || n > int64((1<<62)/unit) {
			return 0, false
		}
		if t += time.Duration(n) * unit; t < 0 || t > 1<<62 {
			return 0, false
		}
	}
	return t, true
}

// durationBounds are the shortest and longest allowed value of a key.
func durationBounds(key string) (shortest, longest time.Duration) {
	if key == "every" {
		return 5 * time.Minute, 30 * day
	}
	return 0, 365 * day
}

// allowedDuration says in words what durationBounds says.
func allowedDuration(key string) string {
	if key == "every" {
		return `a duration such as "4h" or "90m", from "5m" to "30d"`
	}
	return `a duration such as "4h" or "90m", at most "365d"`
}

// durationProblem explains what is wrong with a value of a duration key; an
// empty message means nothing is.
func durationProblem(key string, v any) (message string) {
	s, isText := v.(string)
	switch v.(type) {
	case int64, float64:
		return fmt.Sprintf("%s is a text with its unit: write %s if minutes are meant.", key, minutes(v))
	}
	t, ok := parseDuration(s)
	tidy := strings.ToLower(strings.ReplaceAll(s, " ", ""))
	shortest, longest := durationBounds(key)
	switch {
	case !isText:
		return fmt.Sprintf("%s must be %s.", key, allowedDuration(key))
	case !ok && len(s) < maxShown && durationForm.MatchString(tidy):
		return fmt.Sprintf("%s is written without spaces and in small letters: %q.", key, tidy)
	case !ok:
		return fmt.Sprintf("%s must be %s.", key, allowedDuration(key))
	case t < shortest:
		return fmt.Sprintf("%s is too short, the shortest is %q.", key, Duration(shortest))
	case t > longest:
		return fmt.Sprintf("%s is too long, the longest is \"%dd\".", key, longest/day)
	}
	return ""
}

// minutes shows a bare number as the duration that it most likely was meant to be.
func minutes(v any) string {
	n, ok := v.(int64)
	if !ok || n < 0 || n > 1_000_000 {
		return `"4h" or "90m"`
	}
	return strconv.Quote(Duration(time.Duration(n) * time.Minute).String())
}
