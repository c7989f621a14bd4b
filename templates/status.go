package templates

import (
	"fmt"
	"time"
)

// Status is what the status page tells.
type Status struct {
	Made      time.Time
	Version   string
	Started   time.Time
	Mode      string // dry-run, trial or live
	TrialLeft int    // edits that a trial still allows
	Config    ConfigStatus
	Problems  []ProblemStatus
	Tasks     []TaskStatus
	Held      []HeldStatus
	Left      []LeftStatus

	Unfinished []UnfinishedStatus

	EditsToday, EditsMonth, EditsAll int

	Notices []NoticeStatus
	Errors  []ErrorStatus // latest first
}

// ConfigStatus tells which revision of the configuration counts.
type ConfigStatus struct {
	Page    string // title of config.json
	Rev     int64  // in use; 0: the defaults are
	BadRev  int64  // newer and refused; 0: none
	BadUser string // who saved it
}

// ProblemStatus is one mistake on a JSON page.
type ProblemStatus struct {
	Page    string // title
	Pointer string // JSON pointer (RFC 6901)
	Value   string
	Allowed string
	Message string
	Warning bool
}

// TaskStatus is one task. State is the end of a key status-state-…: waiting,
// running, stopped, failed, overdue or disabled.
type TaskStatus struct {
	Name       string
	State      string
	StopPage   string // title, where State is stopped
	Last, Next time.Time
	Edits      int // today
	Remark     string
	Figures    []FigureStatus
}

// FigureStatus is one number of a task, worded by figure-<task>-<name>.
type FigureStatus struct {
	Name, Of string
	Value    float64
}

// HeldStatus is a stop that was lifted, and how many notices it held back.
type HeldStatus struct {
	Notices  int
	From, To time.Time
}

// LeftStatus is a page that the bot leaves as people made it, because they
// undid its part.
type LeftStatus struct {
	Page  string // title
	By    string // who undid it
	Since time.Time
}

// UnfinishedStatus is an action of several edits that stands half made, or that
// a person must look at.
type UnfinishedStatus struct {
	Task  string
	Text  string // plain
	Since time.Time
}

// NoticeStatus counts the notices of one kind on one channel.
type NoticeStatus struct {
	Kind, Channel         string
	Sent, Failed, Waiting int
}

// ErrorStatus is one error.
type ErrorStatus struct {
	Time time.Time
	Task string
	Text string
}

type statusView struct {
	Status
	ModeText, ConfigText wikitext
	TaskRows             []taskRow
	NoticeRows           []noticeRow
	FigureRows           []figureRow
}

type figureRow struct {
	Task, Title, Text wikitext
}

type taskRow struct {
	TaskStatus
	Title, StateText wikitext
}

type noticeRow struct {
	NoticeStatus
	KindText, ChannelText wikitext
}

// StatusPage is the bot's part of its status page.
func (l *Language) StatusPage(s Status) string {
	v := statusView{Status: s, ConfigText: l.config(s.Config)}
	v.ModeText = wikitext(l.Text("status-mode-"+s.Mode, s.TrialLeft))
	for _, t := range s.Tasks {
		v.TaskRows = append(v.TaskRows, taskRow{t, l.wordOr("task-"+t.Name, t.Name),
			wikitext(l.Text("status-state-"+t.State, Target(t.StopPage)))})
	}
	v.FigureRows = l.figures(s.Tasks)
	for _, n := range s.Notices {
		v.NoticeRows = append(v.NoticeRows, noticeRow{n, l.wordOr("kind-"+n.Kind, n.Kind), l.wordOr("channel-"+n.Channel, n.Channel)})
	}
	return l.frame("reports/status.wikitext", v)
}

// figures are the numbers of all tasks, each in a row.
func (l *Language) figures(tasks []TaskStatus) (rows []figureRow) {
	for _, t := range tasks {
		for _, f := range t.Figures {
			title := l.shown(f.Name)
			if key := "figure-" + t.Name + "-" + f.Name; l.Has(key) {
				title = l.Text(key, Plain(f.Of))
			}
			rows = append(rows, figureRow{l.wordOr("task-"+t.Name, t.Name), wikitext(title), wikitext(l.shown(Num(f.Value)))})
		}
	}
	return rows
}

// wordOr is a message, or the bare name for a task or kind without words.
func (l *Language) wordOr(key, name string) wikitext {
	if l.Has(key) {
		return wikitext(l.Text(key))
	}
	return wikitext(l.shown(name))
}

func (l *Language) config(c ConfigStatus) wikitext {
	inUse := l.Text("status-config-defaults", Target(c.Page))
	if c.Rev != 0 {
		inUse = l.Text("status-config-revision", Target(fmt.Sprintf("Special:PermanentLink/%d", c.Rev)), Plain(fmt.Sprint(c.Rev)))
	}
	if c.BadRev == 0 {
		return wikitext(inUse)
	}
	key := "status-config-refused"
	if c.Rev == 0 {
		key = "status-config-refused-defaults"
	}
	bad := l.Text(key, Target(fmt.Sprintf("Special:Diff/%d", c.BadRev)), Plain(fmt.Sprint(c.BadRev)), User(c.BadUser))
	return wikitext(inUse + "<br />" + bad)
}
