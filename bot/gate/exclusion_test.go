package gate

import (
	"context"
	"errors"
	"testing"

	"filewarden/bot/wiki"
)

func TestWhoAndWhatMayObject(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*bench)
		want Reason
	}{
		{"nobody", func(*bench) {}, ""},
		{"nobots", func(b *bench) { b.wiki.put("User talk:Alice", "Alice", "{{nobots}}") }, Excluded},
		{"nobots through a template", func(b *bench) {
			b.wiki.put("User talk:Alice", "Alice", "{{my page}}").templates = []string{"Vorlage:Nobots"}
		}, Excluded},
		{"a call that allows us beside its own transclusion", func(b *bench) {
			b.wiki.put("User talk:Alice", "Alice", "{{nobots|X}}").templates = []string{"Vorlage:Nobots"}
		}, ""},
		{"category", func(b *bench) {
			b.wiki.put("User talk:Alice", "Alice", "").categories = []string{"Kategorie:Opted-out of message delivery"}
		}, Excluded},
		{"category of this wiki's name", func(b *bench) {
			b.wiki.messages = []object{{"content": "Keine Massennachrichten"}}
			b.wiki.put("User talk:Alice", "Alice", "").categories = []string{"Kategorie:Keine Massennachrichten"}
		}, Excluded},
		{"optout.json, user", func(b *bench) { b.policy.OptOutUsers = []string{"alice"} }, Excluded},
		{"optout.json, page", func(b *bench) { b.policy.OptOutPages = []string{"User_talk:Alice"} }, Excluded},
		{"optout.json, never read", func(b *bench) { b.policy.OptOutUnread = errors.New("broken") }, Unreadable},
		{"in use", func(b *bench) { b.wiki.put("User talk:Alice", "Alice", "{{In use}}") }, Deferred},
		{"nobots wins over in use", func(b *bench) {
			b.wiki.put("User talk:Alice", "Alice", "{{In use}}{{nobots}}")
		}, Excluded},
		{"no account", func(b *bench) { delete(b.wiki.users, "Alice") }, Excluded},
		{"IP address", func(b *bench) { b.wiki.users["Alice"] = object{"name": "Alice", "invalid": true} }, Excluded},
		{"temporary", func(b *bench) {
			b.wiki.users["Alice"] = object{"name": "Alice", "groups": []string{"*", "temp"}}
		}, Excluded},
		{"bot", func(b *bench) { b.wiki.users["Alice"] = object{"name": "Alice", "groups": []string{"bot"}} }, Excluded},
		{"blocked", func(b *bench) {
			b.wiki.users["Alice"] = object{"name": "Alice", "blockid": 3, "blockexpiry": "infinite"}
		}, Excluded},
		{"blocked on some pages only", func(b *bench) {
			b.wiki.users["Alice"] = object{"name": "Alice", "blockid": 3, "blockpartial": true}
		}, ""},
		{"page of another model", func(b *bench) {
			b.wiki.put("User talk:Alice", "Alice", "").model = "flow-board"
		}, Unfit},
		{"text hidden", func(b *bench) { b.wiki.put("User talk:Alice", "Alice", "").hidden = true }, Unreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			c.set(b)
			_, err := b.Ask(context.Background(), "file-usage", "Alice", "User talk:Alice")
			if got := reasonOf(err); got != c.want || c.want == "" && err != nil {
				t.Errorf("Ask: got %q, want %q: %v", got, c.want, err)
			}
			_, err = b.Edit(context.Background(), notice("id"))
			if got := reasonOf(err); got != c.want || c.want == "" && err != nil {
				t.Errorf("Edit: got %q, want %q: %v", got, c.want, err)
			}
			if (len(b.wiki.posts) == 1) != (c.want == "") {
				t.Errorf("%d posts", len(b.wiki.posts))
			}
		})
	}
}

func TestTheRecipientsTalkPageSpeaksForEveryChannel(t *testing.T) {
	b := newBench(t, nil)
	b.wiki.put("User talk:Alice", "Alice", "{{bots|optout=file-usage}}")
	ctx := context.Background()
	_, echo := b.Echo(ctx, Echo{Kind: "file-usage", User: "Alice", Header: "h", Content: "c"})
	_, mail := b.Mail(ctx, Mail{Kind: "file-usage", User: "Alice", Subject: "s", Text: "t"})
	mention := notice("id")
	mention.Title = "User:NoticeBot/Notices/2026-11"
	_, page := b.Edit(ctx, mention)
	for _, err := range []error{echo, mail, page} {
		if reasonOf(err) != Excluded {
			t.Errorf("got %v", err)
		}
	}
	if _, err := b.Echo(ctx, Echo{Kind: "copyvio", User: "Alice", Header: "h", Content: "c"}); err != nil {
		t.Errorf("another kind: %v", err)
	}
}

func TestEditsOfOtherPagesObeyDenyAndOwnPagesDoNot(t *testing.T) {
	b := newBench(t, nil)
	e := Edit{Task: "usage", Title: "Project:Files", Text: "x", BaseRev: 1}
	b.wiki.put(e.Title, "Bob", "{{bots|deny=NoticeBot}}")
	if _, err := b.Edit(context.Background(), e); reasonOf(err) != Excluded {
		t.Errorf("another page: %v", err)
	}
	e.Title = "User:NoticeBot/Status"
	b.wiki.put(e.Title, "Bob", "{{nobots}}")
	if _, err := b.Edit(context.Background(), e); err != nil {
		t.Errorf("own page: %v", err)
	}
}

func TestAnAliasOfTheWikiIsUnderstood(t *testing.T) {
	b := newBench(t, nil)
	b.wiki.pages["Template:Nobots"] = &fakePage{redirect: "Vorlage:Keine Bots"}
	b.wiki.put("User talk:Alice", "Alice", "{{Vorlage:keine_Bots}}")
	_, err := b.Ask(context.Background(), "file-usage", "Alice", "User talk:Alice")
	if reasonOf(err) != Excluded {
		t.Errorf("got %v", err)
	}
}

func TestTalkPageRedirects(t *testing.T) {
	const here = "User talk:Alice"
	for _, c := range []struct {
		name  string
		set   func(*bench)
		want  Reason
		title string
	}{
		{"followed", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "User talk:Alicia"}
			b.wiki.users["Alicia"] = object{"name": "Alicia"}
			b.wiki.put("User talk:Alicia", "Bob", "Hi")
		}, "", "User talk:Alicia"},
		{"target denies", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "User talk:Alicia"}
			b.wiki.users["Alicia"] = object{"name": "Alicia"}
			b.wiki.put("User talk:Alicia", "Bob", "{{nobots}}")
		}, Excluded, ""},
		{"target's owner is blocked", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "User talk:Alicia"}
			b.wiki.users["Alicia"] = object{"name": "Alicia", "blockid": 1}
			b.wiki.put("User talk:Alicia", "Bob", "Hi")
		}, Excluded, ""},
		{"target's owner opted out", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "User talk:Alicia"}
			b.wiki.users["Alicia"] = object{"name": "Alicia"}
			b.wiki.put("User talk:Alicia", "Bob", "Hi")
			b.policy.OptOutUsers = []string{"Alicia"}
		}, Excluded, ""},
		{"double", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "User talk:B"}
			b.wiki.pages["User talk:B"] = &fakePage{redirect: "User talk:C"}
			b.wiki.users["C"] = object{"name": "C"}
			b.wiki.put("User talk:C", "Bob", "Hi")
		}, Excluded, ""},
		{"to another wiki", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "meta:User talk:Alice"}
		}, Excluded, ""},
		{"to no talk page", func(b *bench) {
			b.wiki.pages[here] = &fakePage{redirect: "Project:Help"}
			b.wiki.put("Project:Help", "Bob", "Hi")
		}, Excluded, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			c.set(b)
			text, err := b.Ask(context.Background(), "file-usage", "Alice", here)
			if got := reasonOf(err); got != c.want || c.want == "" && err != nil {
				t.Fatalf("got %q, want %q: %v", got, c.want, err)
			}
			if err == nil && (text.Title != c.title || text.Content != "Hi" || text.RevID == 0) {
				t.Errorf("text %+v", text)
			}
		})
	}
}

func TestAPageThatBecameARedirectSinceIsAskedAgainLater(t *testing.T) {
	b := newBench(t, nil)
	b.wiki.put("User talk:Alice", "Alice", "#REDIRECT [[X]]").redirect = "X"
	if _, err := b.Edit(context.Background(), notice("id")); reasonOf(err) != Deferred {
		t.Errorf("got %v", err)
	}
}

func TestAUserNameCannotBecomeTwo(t *testing.T) {
	b := newBench(t, nil)
	_, err := b.Echo(context.Background(), Echo{User: "Alice|Bob", Header: "h", Content: "c"})
	if reasonOf(err) != Excluded {
		t.Errorf("got %v", err)
	}
	for _, p := range b.wiki.requests {
		if p["ususers"] != "" {
			t.Errorf("asked for %q", p["ususers"])
		}
	}
}

func TestAskThatCannotReadRefuses(t *testing.T) {
	b := newBench(t, nil)
	cut := errors.New("wire cut")
	b.wiki.readErr = func(wiki.Params) error { return cut }
	_, err := b.Ask(context.Background(), "file-usage", "Alice", "User talk:Alice")
	if reasonOf(err) != Unreadable || !errors.Is(err, cut) {
		t.Errorf("got %v", err)
	}
}
