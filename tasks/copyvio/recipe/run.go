package recipe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/gate"
	"filewarden/bot/wiki"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/templates"

	"github.com/rs/zerolog"
)

// Grace is how long a decision must stand before anything is done, unless the
// community decides otherwise.
const Grace = 10 * time.Minute

// Config builds a Runner.
type Config struct {
	Task   string // name of the task: its Stop page
	Kind   string // kind of notice that the uploader's is, for {{bots|optout=…}}
	Gate   *gate.Gate
	Wiki   *wiki.Session
	Store  storage.Store       // where the casebook is
	Words  *templates.Language // of the wiki
	Recipe Recipe
	Action string        // a procedure of the recipe, or None
	Grace  time.Duration // how long a decision must stand first

	// Refuses says why a user wants no message of a kind, or "": notice.Box.Refuses.
	Refuses func(ctx context.Context, kind, user string) (string, error)
	// Unfinished says on the status page what is not done, until it is said
	// again with an empty text: bot.Env.Unfinished.
	Unfinished func(id, text string) error
	Now        func() time.Time                           // nil: time.Now
	Sleep      func(context.Context, time.Duration) error // nil: wiki.Sleep
	Log        zerolog.Logger
}

// Runner brings the actions of cases forward. One case is advanced by one
// caller at a time.
type Runner struct{ c Config }

// New runner.
func New(c Config) *Runner {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = wiki.Sleep
	}
	return &Runner{c}
}

// Wanted says whether Advance has something to do about a case, now or when
// its ten minutes are over.
func Wanted(c casebook.Case) bool {
	accepted := c.State == casebook.Accepted
	switch c.Action.State {
	case casebook.Planned, casebook.Doing, casebook.Undoing:
		return true
	case casebook.Acted:
		return !accepted
	case casebook.Failed:
		if !accepted {
			return len(c.Action.Revs) > 0
		}
	}
	return accepted && c.Action.ID != actionID(c)
}

// Advance brings the action of a case as far as it goes: nothing before its
// time, then all its steps, or their reversal where the decision was taken
// back. It may be called again at any time, also after a crash.
//
// Its error is that of a wiki or gate that takes nothing now: *gate.Refused by
// a Stop page, and those of wiki.Session and wiki.Writer. What keeps only this
// case from being finished is no error; the status page says it.
func (r *Runner) Advance(ctx context.Context, sha1 string) error {
	c, p, err := r.load(sha1)
	if err != nil {
		return err
	}
	err = r.advance(ctx, &c, &p)
	if errors.Is(err, errTurned) {
		if c, p, err = r.load(sha1); err == nil {
			err = r.advance(ctx, &c, &p)
		}
	}
	if err == nil {
		return nil
	}
	if noted := r.unfinished(sha1, err); noted != nil {
		return errors.Join(err, noted)
	}
	if waits(err) {
		r.c.Log.Info().Str("file", c.Title).Err(err).Msg("an action waits")
		return nil
	}
	return fmt.Errorf("acting on %s: %w", c.Title, err)
}

// waits says whether an error holds up this action and no other.
func waits(err error) bool {
	var no *gate.Refused
	return errors.As(err, &no) && slices.Contains([]gate.Reason{gate.TrialOver, gate.Deferred}, no.Reason)
}

func (r *Runner) advance(ctx context.Context, c *casebook.Case, p *planRow) error {
	accepted := c.State == casebook.Accepted
	switch c.Action.State {
	case casebook.Undoing:
		return r.undo(ctx, c, p)
	case casebook.Doing:
		if accepted {
			return r.goOn(ctx, c, p)
		}
		return r.undo(ctx, c, p)
	case casebook.Planned:
		if accepted {
			return r.begin(ctx, c)
		}
		return r.end(c, nil, casebook.Undone, "")
	}
	switch {
	case !Wanted(*c) || !accepted && p.Reverted:
		return nil
	case accepted:
		return r.begin(ctx, c)
	}
	return r.undo(ctx, c, p)
}

// begin plans an action, waits for its time, and starts on it.
func (r *Runner) begin(ctx context.Context, c *casebook.Case) error {
	if r.c.Action == None {
		return nil
	}
	if id := actionID(*c); c.Action.State != casebook.Planned || c.Action.ID != id {
		planned := casebook.Action{ID: id, Recipe: r.c.Recipe.Name, State: casebook.Planned, Due: c.Decided.Add(r.c.Grace)}
		if err := r.keep(c, nil, func(a *casebook.Action) { *a = planned }); err != nil {
			return err
		}
	}
	if r.c.Now().Before(c.Action.Due) {
		return nil
	}
	f, err := r.look(ctx, c.Title, r.tagTemplates())
	if err != nil {
		return err
	}
	why := f.wrong(*c)
	if why == "" && f.tagged {
		why = msgTagged
	}
	if why != "" {
		return r.end(c, nil, casebook.Unacted, r.say(why))
	}
	return r.start(ctx, c, f)
}

// start admits the action as one, stores its plan, and takes its steps.
func (r *Runner) start(ctx context.Context, c *casebook.Case, f file) error {
	name, remark, err := r.procedure(ctx, *c)
	if err != nil {
		return err
	}
	open, err := r.openRequest(ctx, *c, f, name)
	if err != nil {
		return err
	}
	if open != "" {
		return r.end(c, nil, casebook.Unacted, open)
	}
	p, err := r.plan(*c, f, name)
	if err != nil {
		return err
	}
	if remark != "" {
		p.Remarks = append(p.Remarks, remark)
	}
	if err := r.c.Gate.Admit(ctx, gate.Series{ID: p.ID, Task: r.c.Task, Steps: len(p.Writes)}); err != nil {
		return err
	}
	if err := r.keep(c, &p, func(a *casebook.Action) { a.State, a.Step = casebook.Doing, 0 }); err != nil {
		return err
	}
	return r.steps(ctx, c, &p, f)
}

// goOn takes up an action that was interrupted.
func (r *Runner) goOn(ctx context.Context, c *casebook.Case, p *planRow) error {
	if p.ID == "" {
		return r.end(c, nil, casebook.Failed, r.say(msgChanged, c.Title)) // the memory has lost what was planned
	}
	f, err := r.look(ctx, p.File, p.Tagged)
	if err != nil {
		return err
	}
	tried := slices.ContainsFunc(p.Writes, func(w writeRow) bool { return !w.Tried.IsZero() })
	deletes := p.Writes[0].Position == deletion
	switch why := f.wrong(*c); {
	case deletes && tried && why == msgGone: // as it should be
	case why == msgGone && tried:
		p.Remarks = append(p.Remarks, r.say(msgGone))
		return r.finish(c, p)
	case why != "" && tried:
		return r.fail(c, p, r.say(why))
	case why != "":
		return r.end(c, p, casebook.Unacted, r.say(why))
	case !f.tagged && p.Writes[0].made() && p.Writes[0].Page == p.File && !deletes:
		return r.fail(c, p, r.say(msgUntagged))
	}
	// The gate may have forgotten the series where its memory is of another time.
	if err := r.c.Gate.Admit(ctx, gate.Series{ID: p.ID, Task: r.c.Task, Steps: len(p.Writes)}); err != nil {
		return err
	}
	return r.steps(ctx, c, p, f)
}

// steps takes the steps that are left.
func (r *Runner) steps(ctx context.Context, c *casebook.Case, p *planRow, f file) error {
	for i := range p.Writes {
		if p.Writes[i].Over {
			continue
		}
		if err := r.stands(c.SHA1); err != nil {
			return err
		}
		why, err := r.step(ctx, c, p, i, f)
		if err != nil {
			return err
		}
		if why != "" {
			return r.fail(c, p, why)
		}
	}
	return r.finish(c, p)
}

// finish ends an action whose steps are all made.
func (r *Runner) finish(c *casebook.Case, p *planRow) error {
	return r.end(c, p, casebook.Acted, sentence(p.Remarks))
}

// fail hands an action over to a person. Where nothing has been done there is
// nothing to look at.
func (r *Runner) fail(c *casebook.Case, p *planRow, why string) error {
	if !slices.ContainsFunc(p.Writes, writeRow.made) {
		return r.end(c, p, casebook.Unacted, why)
	}
	return r.end(c, p, casebook.Failed, sentence(append([]string{why}, p.Remarks...)))
}

// end closes an action, and gives back what was reserved for it.
func (r *Runner) end(c *casebook.Case, p *planRow, state, why string) error {
	id := c.Action.ID
	err := r.keep(c, p, func(a *casebook.Action) { a.State, a.Why, a.Ended = state, why, r.c.Now().UTC() })
	if err != nil {
		return err
	}
	r.release(id)
	r.release(id + undoSeries)
	text := ""
	if state == casebook.Failed {
		text = r.say(msgPerson, c.Title, why)
	}
	r.c.Log.Info().Str("file", c.Title).Str("action", id).Str("state", state).Str("why", why).Msg("action")
	return r.tell(c.SHA1, text)
}

// unfinished says on the status page what an action waits for.
func (r *Runner) unfinished(sha1 string, why error) error {
	c, p, err := r.load(sha1)
	if err != nil {
		return err
	}
	if begun := c.Action.State == casebook.Doing || c.Action.State == casebook.Undoing; !begun && !waits(why) {
		return nil
	}
	made := 0
	for _, w := range p.Writes {
		if w.Over {
			made++
		}
	}
	all := cmp.Or(len(p.Writes), len(r.c.Recipe.procedures[r.c.Action].steps))
	return r.tell(c.SHA1, r.say(msgUnfinished, c.Title, made, all, briefly(why)))
}

func (r *Runner) tell(id, text string) error {
	if r.c.Unfinished == nil {
		return nil
	}
	return r.c.Unfinished(id, text)
}
