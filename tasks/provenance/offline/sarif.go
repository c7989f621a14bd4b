package offline

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

// The report as SARIF, the format that code hosts read
// (OASIS SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
// Numbers in comments are its sections.

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

	// fingerprint is the name of our ids among partial fingerprints (3.27.17);
	// another way to make ids takes another number.
	fingerprint = "filewardenFinding/v1"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Artifacts   []sarifArtifact   `json:"artifacts"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name            string      `json:"name"`
	SemanticVersion string      `json:"semanticVersion,omitempty"`
	Language        string      `json:"language"`
	Rules           []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string       `json:"id"`
	Short   sarifMessage `json:"shortDescription"`
	Full    sarifMessage `json:"fullDescription"`
	Help    sarifMessage `json:"help"`
	HelpURI string       `json:"helpUri"`
	Default sarifDefault `json:"defaultConfiguration"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifMessage struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifArtifact struct {
	Location       sarifPlace `json:"location"`
	SourceLanguage string     `json:"sourceLanguage,omitempty"`
}

type sarifPlace struct {
	URI   string `json:"uri"`
	Index int    `json:"index"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifPlace   `json:"artifactLocation"`
	Region   *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine   int          `json:"startLine"`
	StartColumn int          `json:"startColumn"`
	EndLine     int          `json:"endLine"`
	EndColumn   int          `json:"endColumn"`
	Snippet     sarifMessage `json:"snippet"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   map[string]string  `json:"properties,omitempty"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

// SARIF writes the report as SARIF 2.1.0.
func (r *Report) SARIF(w io.Writer) error {
	run := sarifRun{Tool: sarifTool{r.driver()}, ColumnKind: "utf16CodeUnits", Artifacts: []sarifArtifact{}, Results: []sarifResult{}}
	call := sarifInvocation{Successful: !r.Failed()}
	for n, i := range r.Items {
		place := sarifPlace{i.uri(), n}
		run.Artifacts = append(run.Artifacts, sarifArtifact{place, string(i.Language)})
		if i.Analysis != audit.Full {
			call.Notifications = append(call.Notifications, notification(i, place))
		}
		for _, f := range i.Findings {
			run.Results = append(run.Results, r.result(place, f))
		}
		for _, x := range i.Ignored {
			result := r.result(place, x.Finding)
			result.Suppressions = []sarifSuppression{{"inSource", x.Reason}}
			run.Results = append(run.Results, result)
		}
	}
	run.Invocations = []sarifInvocation{call}
	return indented(w, sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

// notification that a text was not read, or not all of it (3.58).
func notification(i Item, place sarifPlace) sarifNotification {
	level, said := "note", "not read: "
	switch {
	case i.Failure != nil:
		level = "error"
	case i.Analysis == audit.Partial:
		level, said = "warning", "read in part: "
	}
	return sarifNotification{level, sarifMessage{Text: literally(said + i.Why)}, []sarifLocation{{sarifPhysical{Artifact: place}}}}
}

func (r *Report) driver() sarifDriver {
	d := sarifDriver{Name: "Filewarden", SemanticVersion: r.Version, Language: "en", Rules: []sarifRule{}}
	if code := r.Words.Code(); code != "" {
		d.Language = strings.ReplaceAll(code, "zh-hans", "zh-CN") // language, and a region if any (3.19.21)
	}
	for _, c := range rule.Catalogue() {
		why := general(r.Words, c.ID)
		d.Rules = append(d.Rules, sarifRule{
			ID: c.ID, Short: sarifMessage{Text: title(r.Words, c.ID)}, Full: sarifMessage{Text: why},
			Help: sarifMessage{
				Text:     why + "\n\nBad: " + c.Bad + "\nGood: " + c.Good,
				Markdown: why + "\n\nBad:\n\n" + fenced(c.Bad) + "\n\nGood:\n\n" + fenced(c.Good),
			},
			HelpURI: helpURI(c.ID), Default: sarifDefault{level(c.Severity)},
		})
	}
	return d
}

// level is a severity in SARIF's words (3.27.10).
func level(s rule.Severity) string {
	if s == rule.Info {
		return "note"
	}
	return s.String()
}

func (r *Report) result(place sarifPlace, f audit.Finding) sarifResult {
	said := literally(reason(r.Words, f.Rule, f.Args))
	result := sarifResult{
		RuleID: f.Rule, RuleIndex: ruleIndex(f.Rule), Level: level(f.Severity), Message: sarifMessage{Text: said},
		Fingerprints: map[string]string{fingerprint: f.ID},
		Locations: []sarifLocation{{sarifPhysical{place, &sarifRegion{
			f.Line, f.Column, f.EndLine, f.EndColumn, sarifMessage{Text: f.Code}}}}},
	}
	if f.Fix != "" {
		// Not among SARIF's fixes (3.55), which tools apply by themselves: ours are
		// for a person to read, and may need a variable that is not there yet.
		result.Properties = map[string]string{"fix": f.Fix}
		result.Message.Markdown = said + "\n\n" + fenced(f.Fix)
	}
	return result
}

func ruleIndex(id string) int {
	for n, r := range rule.Catalogue() {
		if r.ID == id {
			return n
		}
	}
	return -1
}

// literally keeps text by others from becoming a link or a placeholder in a
// message (3.11.5, 3.11.6).
func literally(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(visible(s))
}

// fenced is code in Markdown, in a fence longer than any within.
func fenced(code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + "\n" + code + "\n" + fence
}

// uri of an item: that of its page, an absolute one for a file elsewhere, a
// relative one as it was named.
func (i Item) uri() string {
	if i.URI != "" {
		return i.URI
	}
	u := url.URL{Path: i.Path}
	if filepath.IsAbs(filepath.FromSlash(i.Path)) {
		u.Scheme = "file"
		u.Path = "/" + strings.TrimPrefix(i.Path, "/") // /C:/ on Windows (RFC 8089)
	}
	return u.String()
}
