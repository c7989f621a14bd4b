package bot

import (
	"context"
	"fmt"

	"filewarden/bot/notice"
	"filewarden/bot/report"
	"filewarden/templates"
)

// answer hands new requests to whoever understands them.
func (b *Bot) answer(ctx context.Context, w *ward) error {
	err := w.desk.Serve(ctx, func(ctx context.Context, r report.Request) (report.Answer, error) {
		return b.handle(ctx, w, r)
	})
	if err != nil {
		return fmt.Errorf("answering requests: %w", err)
	}
	return nil
}

// handle asks the handlers of the tasks, then the notices; what nobody
// understands is answered with what there is to ask.
func (b *Bot) handle(ctx context.Context, w *ward, r report.Request) (report.Answer, error) {
	for _, t := range b.tasks {
		env, err := b.Env(t.Task.Name())
		if err != nil {
			return report.Answer{}, err
		}
		for _, handler := range t.Requests {
			var answer report.Answer
			var ok bool
			err := recovered(env.Log, func() (err error) {
				answer, ok, err = handler(ctx, env, r)
				return err
			})
			if ok || err != nil {
				return answer, err
			}
		}
	}
	if request, ok := notice.ParseRequest(r.Heading, r.Body); ok {
		text, err := w.box.Answer(ctx, r.User, request)
		return report.Answer{Text: text}, err
	}
	return report.Answer{Text: b.notUnderstood()}, nil
}

// notUnderstood lists the headings that would be.
func (b *Bot) notUnderstood() string {
	var headings []any
	for _, form := range b.requestForms() {
		headings = append(headings, templates.Plain("“"+form.Heading+"”"))
	}
	return b.ownWords().Text("request-not-understood", templates.List(headings...))
}

// requestForms are the headings that people may write on Requests, each with
// a link that opens it ready to be saved where nothing needs to be filled in.
func (b *Bot) requestForms() []templates.RequestForm {
	kind := ""
	if kinds := b.kinds(); len(kinds) > 0 {
		kind = kinds[0].Name
	}
	forms := []struct {
		request notice.Request
		effect  string
		ready   bool
	}{
		{notice.Request{Verb: notice.Subscribe}, "requests-subscribe", true},
		{notice.Request{Verb: notice.Unsubscribe}, "requests-unsubscribe", true},
		{notice.Request{Verb: notice.Mute, What: notice.OfFile, Name: "File:Example.jpg"}, "requests-mute-file", false},
		{notice.Request{Verb: notice.Mute, What: notice.OfKind, Name: kind}, "requests-mute-kind", kind != ""},
		{notice.Request{Verb: notice.Mute, What: notice.OfAll}, "requests-mute-all", true},
		{notice.Request{Verb: notice.Unmute, What: notice.OfAll}, "requests-unmute", true},
	}
	out := make([]templates.RequestForm, len(forms))
	for i, f := range forms {
		out[i] = templates.RequestForm{Heading: f.request.String(), Effect: f.effect}
		if f.ready {
			out[i].Address = notice.RequestAddress(b.session.Site(), b.Prefix(), f.request)
		}
	}
	for _, t := range b.tasks {
		out = append(out, t.Forms...)
	}
	return out
}
