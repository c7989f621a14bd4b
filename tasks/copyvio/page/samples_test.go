package page

import (
	"time"

	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"
)

func overview() templates.CopyvioOverview {
	return templates.CopyvioOverview{Names: names(), Waiting: 12, Hours: 48, Providers: []string{"Google Cloud Vision", "TinEye"}, Reviewers: []string{"patroller"},
		Acting: "off", Stop: "User:Filewarden/Stop/copyvio", Account: "Filewarden", Made: noon, Lists: []templates.CopyvioList{
			{Page: names().All, Kind: "all", Open: 104, Oldest: noon.AddDate(0, 0, -9)}, {Page: names().Checks, Kind: "checks"},
			{Page: "User:Filewarden/Copyvio/Portraits", Kind: "feed", Name: "Portraits", Open: 3, Oldest: noon.AddDate(0, 0, -1)}}}
}

func decisions() templates.CopyvioLog {
	p := templates.CopyvioLog{Names: names(), Account: "Filewarden", Made: noon}
	c := casebook.Case{SHA1: id(1), Title: "File:Old bridge at dawn.png"}
	for n, verdict := range []casebook.Verdict{casebook.Counts, casebook.Nothing, casebook.NotBot, casebook.NotNamed, casebook.NotBlocked, casebook.NotTrusted, casebook.NotOwn,
		casebook.NotYours, casebook.NotState, casebook.NotOpen} {
		p.Rows = append(p.Rows, Decision(c, casebook.Decision{To: casebook.Accepted, By: "Rita", Time: noon.Add(-time.Duration(n) * time.Hour), Way: casebook.ByPage, Rev: int64(4000 + n), Note: "see the source", Verdict: verdict}))
	}
	p.Rows[1].Way, p.Rows[1].Rev = casebook.ByAPI, 0
	return p
}

func statistics() templates.CopyvioStatistics {
	return templates.CopyvioStatistics{Names: names(), Searched: 20412, Opened: 311, Open: 104, Accepted: 120, Rejected: 87, Median: 31 * time.Hour, Account: "Filewarden", Made: noon,
		Providers: []templates.CopyvioProvider{{Name: "Google Cloud Vision", Asked: 20412, Found: 280, Accepted: 101, Failed: 3, Units: 40824}, {Name: "TinEye", Asked: 900, Found: 31, Accepted: 19, Units: 900}},
		Reviewers: []templates.CopyvioReviewer{{Name: "Rita", Week: 12, Month: 60, All: 140}, {Name: "Pat", Month: 2, All: 67}}}
}

func newcomers() templates.CopyvioNewcomers {
	sign := templates.CopyvioEvidence{Kind: "metadata", Text: "Copyright: (c) Agency"}
	return templates.CopyvioNewcomers{Date: "2026-11-22", Previous: "User:Filewarden/Copyvio/New uploaders/2026-11-21", Most: 150, Names: names(), Account: "Filewarden", Made: noon,
		Users: []templates.CopyvioNewcomer{
			{CopyvioPerson: templates.CopyvioPerson{Name: "Newcomer", Edits: 1, Registered: noon.AddDate(0, 0, -2), Warnings: 1}, Files: []templates.CopyvioUpload{
				{File: "File:Old bridge at dawn.png", Time: noon, Width: 480, Height: 320, Licence: "CC BY-SA 4.0", Case: names().All + "#" + id(1), State: "open", Signs: []templates.CopyvioEvidence{sign}},
				{File: "File:Known.png", Time: noon, Width: 480, Height: 320, Again: true}}},
			{CopyvioPerson: templates.CopyvioPerson{Name: "Sam", Edits: 12, Blocked: true}, Files: []templates.CopyvioUpload{{File: "File:Beach.png", Time: noon, Hidden: "aside", Licence: "CC0"}}}}}
}
