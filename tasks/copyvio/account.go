package copyvio

import (
	"fmt"
	"time"

	"filewarden/bot"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/recipe"
	"filewarden/wikiconfig"
)

// account tells how the watch is doing.
func (t *Task) account(env *bot.Env) (a bot.Account, err error) {
	add := func(name, of string, n int) {
		a.Figures = append(a.Figures, bot.Figure{Name: name, Of: of, Value: float64(n)})
	}
	err = env.Store.View(func(tx storage.Tx) error {
		waiting, err := casebook.Pending(tx)
		if err != nil {
			return err
		}
		live, err := casebook.Live(tx)
		if err != nil {
			return err
		}
		all, err := since(tx, time.Time{})
		add("waiting", "", waiting)
		add("open", "", undecided(live))
		add("opened", "", all.Opened)
		add("accepted", "", all.Accepted)
		add("rejected", "", all.Rejected)
		add("minutes", "", int(all.median().Minutes()))
		return err
	})
	if err != nil {
		return a, fmt.Errorf("counting cases: %w", err)
	}
	a.Remarks = append(a.Remarks, lacking(env)...)
	p := &pass{Env: env, config: wikiconfig.SectionOf[Config](env.Config, Name)}
	for _, problem := range p.readConfig() {
		a.Remarks = append(a.Remarks, problem.Error())
	}
	return a, t.providersOf(env, &a)
}

// lacking is what the config wants and this account cannot do.
func lacking(env *bot.Env) []string {
	config := wikiconfig.SectionOf[Config](env.Config, Name)
	if config.Action == recipe.Delete && !env.Wiki.Account().Rights["delete"] {
		return []string{"config.json has files deleted (tasks/copyvio/action), and this account lacks the right delete; give it that right, or set the action to nominate"}
	}
	return nil
}

// undecided counts the cases that a reviewer has yet to look at.
func undecided(cases []casebook.Case) (n int) {
	for _, c := range cases {
		if c.State.Undecided() {
			n++
		}
	}
	return n
}

// providersOf adds what each provider was asked, found and cost.
func (t *Task) providersOf(env *bot.Env, a *bot.Account) error {
	if err := t.library.open(env); err != nil {
		a.Remarks = append(a.Remarks, err.Error())
		return nil
	}
	figures, err := t.library.desk.Figures()
	if err != nil {
		return fmt.Errorf("counting what providers cost: %w", err)
	}
	for _, f := range figures {
		for _, n := range []struct {
			name  string
			value int
		}{{"asked", f.Ever.Asked}, {"found", f.Ever.Found}, {"units-today", f.Today.Units}, {"units-month", f.Month.Units}, {"doubtful", f.Ever.Doubtful}} {
			a.Figures = append(a.Figures, bot.Figure{Name: n.name, Of: provider.Readable(f.Provider), Value: float64(n.value)})
		}
		if f.Trouble != "" && !f.Until.IsZero() {
			a.Remarks = append(a.Remarks, f.Trouble)
		}
	}
	for _, problem := range t.library.desk.Problems(wikiconfig.SectionOf[Config](env.Config, Name).Providers) {
		a.Remarks = append(a.Remarks, problem.Error())
	}
	return nil
}
