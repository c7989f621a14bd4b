package provenance

import (
	"strings"
	"time"

	"filewarden/tasks/provenance/rule"
	"filewarden/wikiconfig"
)

// Config is the task's section of config.json.
type Config struct {
	wikiconfig.Common
	Interface   bool              `json:"interface" jsonschema:"title=Gadgets and site code" jsonschema_description:"Whether the scripts and styles of the namespace MediaWiki are audited: gadgets, site and skin code, and every other one."`
	Modules     bool              `json:"modules" jsonschema:"title=Modules" jsonschema_description:"Whether Lua modules are audited."`
	Templates   bool              `json:"templates" jsonschema:"title=Templates and messages" jsonschema_description:"Whether templates, their style sheets and interface messages that hold addresses of media files are audited."`
	UserScripts UserScripts       `json:"userScripts" jsonschema:"title=User scripts"`
	Pages       wikiconfig.Titles `json:"pages" jsonschema:"title=Other pages,maxItems=500" jsonschema_description:"Pages of any namespace that are audited besides."`
	Ignore      []Ignore          `json:"ignore" jsonschema:"title=Ignored findings,maxItems=1000"`
	Severity    string            `json:"severity" jsonschema:"title=Reports from,enum=error,enum=warning,enum=info" jsonschema_description:"A page gets a report of its own when it has, or had, a finding of at least this severity; the report then lists all of its findings."`
	Notify      string            `json:"notify" jsonschema:"title=Notices from,enum=error,enum=warning,enum=info" jsonschema_description:"Those who asked are told of new findings of at least this severity."`
	Probe       string            `json:"probe" jsonschema:"title=Sample file,maxLength=255" jsonschema_description:"The file by which the bot finds out what media URLs this wiki emits; without one it takes the first that it finds."`
}

// UserScripts says whose scripts and styles are audited.
type UserScripts struct {
	All   bool     `json:"all" jsonschema:"title=All users" jsonschema_description:"Whether the scripts of all users that mention media are audited. Nobody is told unless they asked."`
	Users []string `json:"users" jsonschema:"title=Users,maxItems=500" jsonschema_description:"Users whose scripts and styles are audited."`
}

// Ignore is one sort of finding that the community has decided to keep. Reason
// is demanded, so that whoever comes later can judge whether it still holds.
type Ignore struct {
	Rule   string `json:"rule" jsonschema:"title=Rule,pattern=^([A-Z]{2}[0-9]{3})?$" jsonschema_description:"Id of the rule, such as TS001; without it all rules."`
	Page   string `json:"page" jsonschema:"title=Page,maxLength=255" jsonschema_description:"Title of the page; one that ends in / stands for all its subpages; without it all pages."`
	Reason string `json:"reason" jsonschema:"title=Reason,required,minLength=3,maxLength=300" jsonschema_description:"Why the findings are to stay."`
	Until  string `json:"until,omitempty" jsonschema:"title=Until,pattern=^[0-9]{4}-[0-9]{2}-[0-9]{2}$" jsonschema_description:"Last day (UTC) on which this counts, such as 2027-06-30; without it for ever."`
}

// Preferences are the task's section of a user's Filewarden.json.
type Preferences struct {
	Gadgets []string `json:"gadgets" jsonschema:"title=Gadgets and pages,maxItems=200" jsonschema_description:"Names of gadgets or titles of pages whose new findings you want to hear of."`
}

func defaultConfig() Config {
	return Config{Common: wikiconfig.Common{Enabled: true, Every: wikiconfig.Duration(24 * time.Hour)},
		Interface: true, Modules: true, Templates: true, Severity: "warning", Notify: "warning"}
}

// parseSeverity is a severity by its word; a word that is none is the highest.
func parseSeverity(word string) rule.Severity {
	for _, s := range []rule.Severity{rule.Info, rule.Warning} {
		if s.String() == word {
			return s
		}
	}
	return rule.Error
}

// ignoredBy finds the entry that says a finding is to stay. page is the title
// as the wiki writes it; titles of entries were brought to that form before.
func ignoredBy(entries []Ignore, ruleID, page string, now time.Time) (Ignore, bool) {
	for _, e := range entries {
		if (e.Rule == "" || e.Rule == ruleID) && e.covers(page) && e.counts(now) {
			return e, true
		}
	}
	return Ignore{}, false
}

// covers says whether the entry is about the page. One that names neither rule
// nor page would hide everything, and hides nothing.
func (e Ignore) covers(page string) bool {
	switch {
	case e.Page == "":
		return e.Rule != ""
	case strings.HasSuffix(e.Page, "/"):
		return strings.HasPrefix(page, e.Page)
	}
	return e.Page == page
}

// counts says whether the entry is in force: with its reason, and not over. A
// last day that is no date is never in the future.
func (e Ignore) counts(now time.Time) bool {
	if strings.TrimSpace(e.Reason) == "" {
		return false
	}
	if e.Until == "" {
		return true
	}
	last, err := time.Parse(time.DateOnly, e.Until)
	return err == nil && now.Before(last.AddDate(0, 0, 1))
}

// isDay says whether a last day is one; none is as good.
func isDay(until string) bool {
	_, err := time.Parse(time.DateOnly, until)
	return until == "" || err == nil
}
