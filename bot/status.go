package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"filewarden/bot/report"
	"filewarden/storage"
	"filewarden/templates"
	"filewarden/wikiconfig"
)

// How soon Status follows what happened. What people must act on is told at
// once; counts can wait; and now and then it says that the bot is alive.
const (
	countsAfter = time.Hour // unless the settings say otherwise
	aliveAfter  = 24 * time.Hour
)

// told remembers the last Status that was published.
type told struct {
	Urgent string    `json:"urgent"`
	All    string    `json:"all"`
	At     time.Time `json:"at"`
}

func (told) table() storage.Table[told] { return storage.NewTable[told]("status", 1) }

// TellStatus publishes the Status page when there is something to tell.
func (b *Bot) TellStatus(ctx context.Context) error {
	b.rounds.Lock()
	defer b.rounds.Unlock()
	w, err := b.ward()
	if err != nil {
		return err
	}
	return b.tellStatus(ctx, w)
}

// tellStatus publishes the Status page when there is something to tell.
func (b *Bot) tellStatus(ctx context.Context, w *ward) error {
	status, err := b.Status(w)
	if err != nil {
		return fmt.Errorf("gathering the status: %w", err)
	}
	var last told
	if err := w.diary.store.View(func(tx storage.Tx) error {
		last, _, err = last.table().Get(tx, "last")
		return err
	}); err != nil {
		return err
	}
	next := digest(status, b.settings.Now().UTC())
	if !next.worthTelling(last, b.settings.CountsAfter) {
		return nil
	}
	words := b.ownWords()
	if _, err := w.pages.Publish(ctx, report.Part{Name: "Status", Text: words.StatusPage(status), Summary: words.Summary("summary-status")}); err != nil {
		return fmt.Errorf("publishing the status page: %w", err)
	}
	return w.diary.store.Update(func(tx storage.Tx) error { return next.table().Put(tx, next, "last") })
}

// digest keeps what decides whether to publish: that a task has run at all is
// news, the times of its runs change with every pass and are none. Nor are edits
// of the bot's own pages, as Status is one of them.
func digest(s templates.Status, now time.Time) told {
	urgent := struct {
		Mode     string
		Config   templates.ConfigStatus
		Problems []templates.ProblemStatus
		States   []string
		Errors   []string
		Held     []templates.HeldStatus
		Left     []templates.LeftStatus
		Open     []templates.UnfinishedStatus
	}{s.Mode, s.Config, s.Problems, nil, nil, s.Held, s.Left, s.Unfinished}
	for _, e := range s.Errors { // one that happens again is no news
		urgent.Errors = append(urgent.Errors, e.Task+" "+e.Text)
	}
	slices.Sort(urgent.Errors)
	edits, numbers := 0, []templates.FigureStatus{}
	for _, t := range s.Tasks {
		edits += t.Edits
		switch {
		case !slices.Contains([]string{"waiting", "running"}, t.State):
			urgent.States = append(urgent.States, t.Name+" "+t.State+" "+t.Remark)
		case t.Last.IsZero():
			urgent.States = append(urgent.States, t.Name+" new")
		case t.Remark != "":
			urgent.States = append(urgent.States, t.Name+" "+t.Remark)
		}
		numbers = append(numbers, t.Figures...)
	}
	counts := []any{edits, s.Notices, s.TrialLeft, numbers}
	return told{asText(urgent), asText([]any{urgent, counts}), now}
}

func asText(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // only of types that JSON does not know; these have none
		return err.Error()
	}
	return string(text)
}

func (t told) worthTelling(last told, after time.Duration) bool {
	age := t.At.Sub(last.At)
	return t.Urgent != last.Urgent || t.All != last.All && age >= after || age >= aliveAfter
}

// Status gathers what the page tells.
func (b *Bot) Status(w *ward) (templates.Status, error) {
	policy, err := b.policy()
	if err != nil {
		return templates.Status{}, err
	}
	used, err := b.gate.TrialUsed()
	if err != nil {
		return templates.Status{}, err
	}
	state := b.panel.State()
	status := templates.Status{
		Made: b.settings.Now().UTC(), Version: b.settings.Wiki.Version, Started: b.started,
		Mode: string(policy.Mode), TrialLeft: max(0, policy.TrialEdits-used),
		Config: templates.ConfigStatus{
			Page: b.OwnPrefix() + "config.json", Rev: state.ConfigRev, BadRev: state.BadRev, BadUser: state.BadUser,
		},
		Problems: append(problems(b.OwnPrefix()+"config.json", state.Problems), problems(b.OwnPrefix()+"optout.json", state.OptOutBad)...),
	}
	if status.Tasks, err = b.taskStatuses(); err != nil {
		return status, err
	}
	if err := w.diary.fill(&status); err != nil {
		return status, err
	}
	left, err := w.pages.Held()
	if err != nil {
		return status, err
	}
	for _, page := range left {
		status.Left = append(status.Left, templates.LeftStatus{Page: page.Title, By: page.By, Since: page.Since})
	}
	waiting, err := w.box.Pending()
	status.Notices = withWaiting(status.Notices, waiting)
	return status, err
}

func problems(page string, list []wikiconfig.Problem) (out []templates.ProblemStatus) {
	for _, p := range list {
		out = append(out, templates.ProblemStatus{
			Page: page, Pointer: p.Pointer, Value: p.Value, Allowed: p.Allowed, Message: p.Message, Warning: p.Warning,
		})
	}
	return out
}

// statusWords are the ends of the messages status-state-….
var statusWords = map[State]string{
	Waiting: "waiting", Running: "running", Stopped: "stopped", Failing: "failed", Overdue: "overdue", Off: "disabled",
}

func (b *Bot) taskStatuses() (out []templates.TaskStatus, err error) {
	for _, t := range b.tasks {
		s, err := b.TaskState(t.Task.Name())
		if err != nil {
			return nil, err
		}
		account, err := b.AccountOf(t.Task.Name())
		if err != nil {
			return nil, err
		}
		out = append(out, templates.TaskStatus{
			Name: s.Name, State: statusWords[s.State], StopPage: s.StopBy, Last: s.Last, Next: s.Next,
			Remark: strings.Join(append(account.Remarks, nonEmpty(s.Error)...), " · "), Figures: figures(account),
		})
	}
	return out, nil
}

// AccountOf asks a task how it is doing; one that tells nothing has an empty account.
func (b *Bot) AccountOf(task string) (Account, error) {
	reg, err := b.task(task)
	if err != nil || reg.Account == nil || !common(b.panel.State().Config, task).Enabled {
		return Account{}, err
	}
	env, err := b.Env(task)
	if err != nil {
		return Account{}, err
	}
	var account Account
	err = recovered(env.Log, func() (err error) {
		account, err = reg.Account(env)
		return err
	})
	if err != nil {
		return Account{}, fmt.Errorf("asking %s how it is doing: %w", task, err)
	}
	return account, nil
}

func figures(a Account) (out []templates.FigureStatus) {
	for _, f := range a.Figures {
		out = append(out, templates.FigureStatus{Name: f.Name, Of: f.Of, Value: f.Value})
	}
	return out
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// fill adds what the diary remembers.
func (d diary) fill(s *templates.Status) error {
	return d.store.View(func(tx storage.Tx) error {
		if err := d.fillCounts(tx, s); err != nil {
			return err
		}
		for row, err := range d.errors().Scan(tx) {
			if err != nil {
				return err
			}
			s.Errors = append(s.Errors, templates.ErrorStatus{Time: row.Value.Time, Task: row.Value.Task, Text: row.Value.Text})
		}
		slices.Reverse(s.Errors)
		for row, err := range d.unfinished().Scan(tx) {
			if err != nil {
				return err
			}
			s.Unfinished = append(s.Unfinished, templates.UnfinishedStatus{Task: row.Key[0], Text: row.Value.Text, Since: row.Value.Since})
		}
		for row, err := range d.stops().Scan(tx) {
			if err != nil {
				return err
			}
			if stop := row.Value; !stop.To.IsZero() && d.now().Sub(stop.To) < heldShown {
				s.Held = append(s.Held, templates.HeldStatus{Notices: stop.Held, From: stop.From, To: stop.To})
			}
		}
		return nil
	})
}

func (d diary) fillCounts(tx storage.Tx, s *templates.Status) error {
	today := d.now().UTC().Format(dayFormat)
	for row, err := range d.days().Scan(tx) {
		if err != nil {
			return err
		}
		switch day := row.Key[0]; {
		case day == "":
			s.EditsAll, s.Notices = row.Value.Edits, noticeStatuses(row.Value.Notices)
			continue
		case day == today:
			s.EditsToday = row.Value.Edits
			for i := range s.Tasks {
				s.Tasks[i].Edits = row.Value.ByTask[s.Tasks[i].Name]
			}
		}
		if strings.HasPrefix(row.Key[0], today[:len("2006-01")]) {
			s.EditsMonth += row.Value.Edits
		}
	}
	return nil
}

func noticeStatuses(counts map[string]map[string]int) (out []templates.NoticeStatus) {
	for key, outcomes := range counts {
		kind, channel, _ := strings.Cut(key, "/")
		out = append(out, templates.NoticeStatus{
			Kind: kind, Channel: channel, Sent: outcomes["sent"], Failed: outcomes["failed"] + outcomes["doubt"],
		})
	}
	slices.SortFunc(out, func(a, b templates.NoticeStatus) int {
		return strings.Compare(a.Kind+"/"+a.Channel, b.Kind+"/"+b.Channel)
	})
	return out
}

// withWaiting adds how many events of each kind wait for their window; their
// channel is decided when they are sent.
func withWaiting(rows []templates.NoticeStatus, waiting map[string]int) []templates.NoticeStatus {
	for kind, n := range waiting {
		i := slices.IndexFunc(rows, func(r templates.NoticeStatus) bool { return r.Kind == kind })
		if i < 0 {
			rows = append(rows, templates.NoticeStatus{Kind: kind, Waiting: n})
			continue
		}
		rows[i].Waiting = n
	}
	slices.SortStableFunc(rows, func(a, b templates.NoticeStatus) int { return strings.Compare(a.Kind, b.Kind) })
	return rows
}
