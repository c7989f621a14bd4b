package copyvio

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"filewarden/bot"
	"filewarden/storage"
	"filewarden/tasks/copyvio/casebook"
	"filewarden/tasks/copyvio/provider/providertest"
)

// wantText claims what stands in a text, and with ! before it what does not.
func wantText(t *testing.T, name, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		part, not := strings.CutPrefix(part, "!")
		if strings.Contains(text, part) == not {
			t.Errorf("%s: %q is there: %v\n%s", name, part, not, text)
		}
	}
}

// wantPage claims the same of a page beneath the bot's prefix.
func (w *world) wantPage(name string, parts ...string) {
	w.t.Helper()
	wantText(w.t, name, w.text("User:FileBot/"+name), parts...)
}

// reconfigure saves another config.
func (w *world) reconfigure(more string) {
	w.wiki.Edit("Ada", "User:FileBot/config.json", config(more), "")
}

// billed are the units that Google billed for an image's original.
func (w *world) billed(sha1 string) int { return w.services.Billed(providertest.Google)[sha1] }

// noCase claims that nothing was opened about an image, and that it is done with.
func (w *world) noCase(sha1 string) {
	w.t.Helper()
	if c, known := w.caseOf(sha1); known {
		w.t.Errorf("there is a case: %+v", c)
	}
}

// evidenceOf is the evidence of one kind about an image.
func (w *world) evidenceOf(sha1, kind string) (e casebook.Evidence) {
	w.t.Helper()
	c, _ := w.caseOf(sha1)
	for _, e := range c.Evidence {
		if e.Kind == kind {
			return e
		}
	}
	w.t.Errorf("no evidence %s about %s: %+v", kind, sha1[:8], c.Evidence)
	return e
}

// newPass is a pass to call parts of.
func (w *world) newPass() *pass {
	w.t.Helper()
	env, err := w.bot.Env(Name)
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := w.task.Task.(*Task).newPass(env)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// console runs a command in the bot.
func (w *world) console(stdin string) (*bot.Console, *bytes.Buffer) {
	out := &bytes.Buffer{}
	return &bot.Console{Ctx: w.t.Context(), Out: out, Err: io.Discard, Stdin: strings.NewReader(stdin),
		Progress: func(string, int, int) {}, Instead: func(...string) {},
		Env: func(task string, work func(*bot.Env) error) error {
			env, err := w.bot.Env(task)
			if err != nil {
				return err
			}
			return work(env)
		}}, out
}

// sums adds up all days of the statistics.
func (w *world) sums() (sum dayRow) {
	w.t.Helper()
	w.view(func(tx storage.Tx) (err error) {
		sum, err = since(tx, w.now().AddDate(-1, 0, 0))
		return err
	})
	return sum
}
