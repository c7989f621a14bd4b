// Package rule is the catalogue of what can go wrong with a media URL in code,
// and the shape in which it is reported.
//
// Every rule has an id that never changes its meaning: two letters for the
// axis and a number. PV: the provenance parameters that a wiki appends to its
// media URLs. TS: the standard widths of thumbnails. TH: the second host that
// serves thumbnails. TP: media URLs handed to somebody else. LU and CS: the
// same mistakes in Lua and in style sheets.
//
// What a rule says to people is in the messages of the task, under
// rule-<id>-title (a few words) and rule-<id>-reason (one sentence, with the
// hit's arguments as $1, $2 …), ids in lower case. Examples of code are here,
// as they are in no language of people.
//
// These rules have arguments, and no others:
//
//	TS001, CS001, TS005   the width in the code, the standard width to use: "22", "40"
//	TS004                 the width or height in the code: "300"
//	TS006                 the size as it is written: "20x-"
package rule

// Severity of a finding.
type Severity int

// Severities, in ascending order.
const (
	Info    Severity = iota + 1 // worth knowing; nothing breaks
	Warning                     // loses parameters, loads twice, breaks under signed URLs
	Error                       // breaks today
)

// String is the severity's word in JSON and on the command line.
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "none"
}

// Rule is one entry of the catalogue.
type Rule struct {
	ID       string // "PV001"
	Severity Severity
	Bad      string // an example of code that the rule finds
	Good     string // the same, mended
}

// Hit is one place in a text where a rule applies.
type Hit struct {
	Rule     string
	Severity Severity // 0: the rule's own
	Start    int      // byte offset of the code that is wrong
	End      int      // byte offset after it
	Args     []string // what the rule's reason says as $1, $2 …; foreign text
	Fix      string   // the code as it should be; empty where no code can say it
}
