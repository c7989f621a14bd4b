package notice

import (
	"strings"
	"testing"
)

func TestRequestsAreUnderstood(t *testing.T) {
	file := func(verb, name string) Request { return Request{verb, OfFile, name} }
	all := func(verb string) Request { return Request{Verb: verb, What: OfAll} }
	kind := func(verb, name string) Request { return Request{verb, OfKind, name} }
	for _, c := range []struct {
		heading, body string
		want          Request
	}{
		{"subscribe", "", Request{Verb: Subscribe}},
		{" Subscribe! ", "", Request{Verb: Subscribe}},
		{"Subscribe me", "", Request{Verb: Subscribe}},
		{"UNSUBSCRIBE", "", Request{Verb: Unsubscribe}},
		{"mute all", "", all(Mute)},
		{"Mute: all notices.", "", all(Mute)},
		{"mute", "", all(Mute)},
		{"unmute all", "", all(Unmute)},
		{"mute file File:A b.jpg", "", file(Mute, "File:A b.jpg")},
		{"mute file: A_b.jpg", "", file(Mute, "A b.jpg")},
		{"Mute File:A.jpg", "", file(Mute, "A.jpg")},
		{"mute file [[:File:A.jpg]]", "", file(Mute, "File:A.jpg")},
		{"mute file [[:File:A.jpg|this one]]", "", file(Mute, "File:A.jpg")},
		{"mute file “File:A.jpg”", "", file(Mute, "File:A.jpg")},
		{"mute file Datei:Ä.jpg", "", file(Mute, "Datei:Ä.jpg")},
		{"unmute   file\tFile:A.jpg", "", file(Unmute, "File:A.jpg")},
		{"mute kind file-usage", "", kind(Mute, "file-usage")},
		{"Mute kind: File usage", "", kind(Mute, "file-usage")},
		{"mute file-usage", "", kind(Mute, "file-usage")},
		{"unmute kind “copyvio”", "", kind(Unmute, "copyvio")},
		{"Please", "\n\nmute all\nthank you", all(Mute)},
		{"", "mute file [[:File:A.jpg]] -- [[User:X|X]] ([[User talk:X|talk]]) 12:00, 1 January 2026 (UTC)", file(Mute, "File:A.jpg")},
		{"'''mute all'''", "", all(Mute)},
	} {
		got, ok := ParseRequest(c.heading, c.body)
		if !ok || got != c.want {
			t.Errorf("%q %q: got %+v, %v; want %+v", c.heading, c.body, got, ok, c.want)
		}
	}
}

func TestOtherSectionsAreNoRequests(t *testing.T) {
	for _, heading := range []string{"", "check file File:A.jpg", "audit page MediaWiki:Common.js", "subscribe to my channel",
		"How do I mute?", "mute file", "mute kind", "muted", "commute all", "mute kind <b>", "mute File usage of my dog"} {
		if got, ok := ParseRequest(heading, "Hello."); ok && got.What != OfFile {
			t.Errorf("%q was taken for %+v", heading, got)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{"mute file [[:File:A.jpg]]", "unmute kind file-usage", "subscribe", "mute [[", "mute file \"", "mute file \x00"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, heading, body string) {
		r, ok := ParseRequest(heading, body)
		if !ok {
			return
		}
		if strings.ContainsAny(r.Name, "\n\r\t") || (r.What == OfKind && !kindName.MatchString(r.Name)) {
			t.Errorf("%q gave %+v", heading, r)
		}
		// Whatever was understood is understood again in our own words.
		if again, ok := ParseRequest(r.String(), ""); r.What != OfFile && (!ok || again != r) {
			t.Errorf("%+v became %+v, %v", r, again, ok)
		}
	})
}

func TestAnAnswerSaysWhatWasDone(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct{ user, heading, want string }{
		{"Alice", "subscribe", "[[:User:Alice/Filewarden.json|your preferences]]"},
		{"Alice", "subscribe", "Nothing to do"},
		{"Alice", "mute file a b.jpg", "[[:File:A b.jpg|File:A b.jpg]]"},
		{"Alice", "mute kind file-usage", "no more notices of the kind “file usage”"},
		{"Alice", "mute kind nonsense", "These exist: file-usage, file-deletion and copyvio"},
		{"Alice", "mute file A{{b}}.jpg", "cannot find a file called A&#123;"},
		{"Alice", "mute all", "no more notices from me"},
		{"Alice", "unmute all", "notices from me again"},
		{"192.0.2.1", "subscribe", "registered users"},
		{"~2026-12", "mute all", "registered users"},
	} {
		r, ok := ParseRequest(c.heading, "")
		if !ok {
			t.Fatalf("%q not understood", c.heading)
		}
		got, err := b.Answer(t.Context(), c.user, r)
		if err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%s asks %q: %s (%v), want …%s…", c.user, c.heading, got, err, c.want)
		}
	}
}

func TestANoFromEitherSideWins(t *testing.T) {
	file := func(verb string) Request { return Request{verb, OfFile, "A.jpg"} }
	for _, c := range []struct {
		name     string
		page     string
		requests []Request
		told     bool
	}{
		{"nothing said", "", nil, true},
		{"muted on Requests", `{"enabled":true}`, []Request{{Mute, OfAll, ""}}, false},
		{"unsubscribed", `{"enabled":true}`, []Request{{Verb: Unsubscribe}}, false},
		{"page says no, Requests yes", `{"enabled":false}`, []Request{{Verb: Subscribe}}, false},
		{"subscribe lifts mute all", "", []Request{{Mute, OfAll, ""}, {Verb: Subscribe}}, true},
		{"subscribe lifts unsubscribe", "", []Request{{Verb: Unsubscribe}, {Verb: Subscribe}}, true},
		{"subscribe leaves a muted file", "", []Request{file(Mute), {Verb: Subscribe}}, false},
		{"file unmuted", "", []Request{file(Mute), file(Unmute)}, true},
		{"kind muted", "", []Request{{Mute, OfKind, "file-usage"}}, false},
		{"other kind muted", "", []Request{{Mute, OfKind, "copyvio"}}, true},
		{"unmute all does not lift a kind", "", []Request{{Mute, OfKind, "file-usage"}, {Unmute, OfAll, ""}}, false},
		{"broken page with a no", `{"enabled": false`, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			if c.page != "" {
				b.wiki.prefs["Alice"] = c.page
			}
			for _, r := range c.requests {
				if _, err := b.Answer(t.Context(), "Alice", r); err != nil {
					t.Fatal(err)
				}
			}
			b.add(Event{ID: "1", File: "Datei:A.jpg"})
			b.deliver(true)
			b.wantTimes("1", map[bool]int{true: 1}[c.told])
		})
	}
}
