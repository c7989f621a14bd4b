package gate

import (
	"strings"
	"testing"
)

func TestExclusionGrammar(t *testing.T) {
	const deny, allow = true, false
	for _, c := range []struct {
		text string
		want bool
	}{
		{"{{nobots}}", deny},
		{"{{Nobots}}", deny},
		{"{{ nobots }}", deny},
		{"{{Template:Nobots}}", deny},
		{"{{template:nobots}}", deny},
		{"{{nobots|NoticeBot}}", deny},
		{"{{nobots|X, NoticeBot ,Y}}", deny},
		{"{{nobots|X}}", allow},
		{"{{nobots|all}}", deny},
		{"{{nobots|allow=NoticeBot}}", deny},
		{"{{nobots|decline=NoticeBot}}", deny},
		{"{{nobots|x=}}", deny},
		{"{{nobots|NoticeBot|MyBot}}", deny},
		{"{{nobots|MyBot|NoticeBot}}", deny},
		{"{{bots}}", allow},
		{"{{bots|NoticeBot}}", allow},
		{"{{bots|allow=all}}", allow},
		{"{{bots|allow=none}}", deny},
		{"{{bots|allow=NoticeBot, X}}", allow},
		{"{{bots|allow=X,Y}}", deny},
		{"{{bots|allow=}}", allow},
		{"{{bots|deny=all}}", deny},
		{"{{bots|deny=none}}", allow},
		{"{{bots|deny=X,Y}}", allow},
		{"{{bots|deny=X, NoticeBot}}", deny},
		{"{{bots|deny=noticeBot}}", deny},
		{"{{bots|deny=XNoticeBotX}}", allow},
		{"{{bots|deny=}}", allow},
		{"{{bots|optout=all}}", deny},
		{"{{bots|optout=file-usage,nosource}}", deny},
		{"{{bots|optout=nosource}}", allow},
		{"{{bots|with=unknown}}", allow},
		{"{{bots|deny=X|optout=all}}", deny},
		{"{{bots|allow=NoticeBot|deny=all}}", deny},
		{"{{bots\n| deny = NoticeBot\n}}", deny},
		{"<!-- {{nobots}} -->", allow},
		{"<nowiki>{{nobots}}</nowiki>", allow},
		{"{{tl|nobots}}", allow},
		{"{{nobots-like}}", allow},
		{"{{bots|allow=all}}{{nobots}}", deny},
		{"", allow}, // a missing page

		// Beyond the common table.
		{"<pre>{{nobots}}</pre>", allow},
		{"<pre>{{nobots}}", deny}, // never closed, so it protects nothing
		{"<nowiki/>{{nobots}}", deny},
		{"no<!-- x -->thing {{no<!-- x -->bots}}", deny},
		{"<!-- <nowiki> -->{{nobots}}<!-- </nowiki> -->", deny},
		{"{{box|text={{nobots}}}}", deny},
		{"{{{nobots}}}", allow},
		{"{{{x|{{nobots}}}}}", deny},
		{"{{bots|deny=[[User:X|NoticeBot]], NoticeBot}}", deny},
		{"{{bots|deny={{everybody}}}}", deny},
		{"{{nobots|{{everybody|a=b}}}}", deny},
		{"{{nobots|}}", deny},
		{"{{nobots", allow},
		{"{{bots|deny=Filewarden}}", deny},
		{"{{bots|deny=User:NoticeBot}}", deny},
		{"{{bots|denyscript=usage}}", deny},
		{"{{bots|denyscript=copyvio}}", allow},
		{"{{bots|allowscript=copyvio}}", deny},
		{"{{bots|allow=X|allow=NoticeBot}}", deny},
		{"{{Vorlage:Keine_Bots}}", deny},
		{"{{bots|deny=AWB}}", allow},
	} {
		x := exclusion{me: "NoticeBot", message: "file-usage", script: "usage",
			aliases: map[string]kind{"keine bots": nobotsTemplate}, spaces: []string{"vorlage"}}
		if got := x.read(c.text).denied; (got != "") != c.want {
			t.Errorf("%q: denied %q, want denied %v", c.text, got, c.want)
		}
	}
}

func TestExclusionOfANameWithASpaceIsFoundWithAnUnderscore(t *testing.T) {
	x := exclusion{me: "Notice Bot", message: "file-usage"}
	if x.read("{{bots|deny=Notice_Bot}}").denied == "" {
		t.Error("Notice_Bot was not understood as Notice Bot")
	}
}

func TestOptOutOfMessagesDoesNotForbidOtherEdits(t *testing.T) {
	x := exclusion{me: "NoticeBot"}
	if why := x.read("{{bots|optout=all}}").denied; why != "" {
		t.Errorf("denied by %s", why)
	}
}

func TestInUseDefersAndDoesNotDeny(t *testing.T) {
	for _, text := range []string{"{{In use}}", "{{inuse|until=now}}", "{{In Bearbeitung}}"} {
		v := exclusion{me: "NoticeBot"}.read(text)
		if v.inUse == "" || v.denied != "" {
			t.Errorf("%q: %+v", text, v)
		}
	}
}

func TestHostileTextIsReadInOnePass(t *testing.T) {
	for _, part := range []string{"{{nobots|", "{{", "[[", "<pre ", "<pre>", "</pre", "<!--x", "{{{", "}}", "<nowiki>{{"} {
		text := strings.Repeat(part, 1<<20/len(part))
		exclusion{me: "NoticeBot"}.read(text) // a quadratic reader would not come back before the test's end
	}
}

func FuzzExclusion(f *testing.F) {
	for _, s := range []string{"{{nobots}}", "{{bots|deny=a,b|allow={{x}}}}", "<!-- {{nobots", "{{{{{bots}}|}}}",
		"<nowiki>{{in use}}</nowiki>", "[[a|{{bots|]]}}", "{{Template:_Bots_|optout = all}}", "{{\xff|\x00}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := exclusion{me: "NoticeBot", message: "file-usage", script: "usage"}.read(text)
		if v.denied != "" && !strings.Contains(strings.ToLower(active(text)), "bots") {
			t.Errorf("denied by %s, but no template of ours stands there", v.denied)
		}
	})
}
