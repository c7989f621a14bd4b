package bot

import (
	"fmt"
	"sync"

	"filewarden/bot/gate"
	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/storage"
)

// ward is what belongs to one memory: the notices, reports and requests known in it.
type ward struct {
	name  string // "live" (trial too) or "dry"; the first half of its parts' names
	box   *notice.Box
	pages *report.Pages
	desk  *report.Desk
	diary diary
}

// memoryOf names the memory of a mode. A trial writes, so it shares the live one.
func memoryOf(m gate.Mode) string {
	if m == gate.DryRun {
		return "dry"
	}
	return "live"
}

// ward returns the one of the mode in force, building it when first asked.
func (b *Bot) ward() (*ward, error) {
	policy, err := b.policy()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	name := memoryOf(policy.Mode)
	if w := b.wards[name]; w != nil {
		return w, nil
	}
	w, err := b.newWard(name)
	if err != nil {
		return nil, err
	}
	b.wards[name] = w
	return w, nil
}

func (b *Bot) newWard(name string) (*ward, error) {
	diary := diary{storage.Part(b.store, name+"/diary"), b.settings.Now}
	box, err := notice.New(notice.Config{
		Gate: b.gate, Wiki: b.session, Farm: b.farm, Store: b.store, Part: name + "/notice", Panel: b.panel,
		Words: b.words, Kinds: b.kinds(), Account: b.Account(), Prefix: b.Prefix(),
		Now: b.settings.Now, Sleep: b.settings.Sleep, Log: b.settings.Log, OnNotice: b.onNotice(diary),
	})
	if err != nil {
		return nil, fmt.Errorf("opening the notices: %w", err)
	}
	pages := report.Config{
		Summary: func(key string, n int) string { return b.ownWords().Summary(key, n) },
		Gate:    b.gate, Wiki: b.session, Store: storage.Part(b.store, name+"/report"),
		Prefix: b.Prefix(), Now: b.settings.Now, Log: b.settings.Log,
	}
	return &ward{name: name, box: box, pages: report.New(pages), desk: report.NewDesk(pages), diary: diary}, nil
}

// Env is what a pass of a task, its commands and its routes work with.
func (b *Bot) Env(task string) (*Env, error) {
	reg, err := b.task(task)
	if err != nil {
		return nil, err
	}
	w, err := b.ward()
	if err != nil {
		return nil, err
	}
	fresh, err := b.fresh(w, task)
	if err != nil {
		return nil, err
	}
	return &Env{
		Wiki: b.session, Farm: b.farm, Gate: b.gate, Notices: w.box, Reports: w.pages,
		Store: storage.Part(b.store, w.name+"/task/"+task), Shared: storage.Part(b.store, "shared/task/"+task),
		Config: b.panel.State().Config, Panel: b.panel,
		Words: b.words, Now: b.settings.Now, Log: b.settings.Log.With().Str("task", task).Logger(),
		Unfinished: func(id, text string) error { return w.diary.leaves(task, id, text) },
		Fetch:      b.fetch[task], Operator: b.settings.operator(reg), Progress: func(string, int, int) {}, Fresh: fresh,
	}, nil
}

// keyedMutex lets one holder at a time through for each key.
type keyedMutex struct {
	mu   sync.Mutex
	held map[string]bool
}

// TryLock takes the key, or says that it is held.
func (k *keyedMutex) TryLock(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held[key] {
		return false
	}
	if k.held == nil {
		k.held = map[string]bool{}
	}
	k.held[key] = true
	return true
}

// Unlock gives the key back.
func (k *keyedMutex) Unlock(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.held, key)
}

// Held says whether somebody holds the key.
func (k *keyedMutex) Held(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.held[key]
}

// onNotice counts a notice for metrics and for Status.
func (b *Bot) onNotice(d diary) func(kind, channel, outcome, group string) {
	return func(kind, channel, outcome, group string) {
		b.tally.notice(kind, channel, outcome, group)
		if err := d.notice(kind, channel, outcome); err != nil {
			b.settings.Log.Error().Err(err).Msg("a notice is missing from the counts")
		}
	}
}

// onEdit counts an edit that was made; only the live memory has any.
func (b *Bot) onEdit(task, kind string) {
	b.tally.edit(task, kind)
	live := diary{storage.Part(b.store, memoryOf(gate.Live)+"/diary"), b.settings.Now}
	if err := live.edit(task); err != nil {
		b.settings.Log.Error().Err(err).Msg("an edit is missing from the counts")
	}
}
