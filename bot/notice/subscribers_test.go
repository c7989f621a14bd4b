package notice

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSubscribersAreFoundByRequestAndByPage(t *testing.T) {
	b := newBench(t)
	for _, user := range []string{"Zoe", "Muted"} {
		if _, err := b.Subscribe(user); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Mute("Muted", OfAll, ""); err != nil {
		t.Fatal(err)
	}
	b.wiki.users[me] = `{"name":"FileBot","registration":"2020-01-02T03:04:05Z"}`
	b.wiki.logs = []string{"User:Bob B/Filewarden.json", "Benutzer:Üwe/Filewarden.json", "User:Bob/x/Filewarden.json",
		"User:/Filewarden.json", "User:Carl/filewarden.json", "Talk:X/Filewarden.json.js"}
	got, err := b.Subscribers(t.Context())
	if diff := cmp.Diff([]string{"Bob B", "Zoe", "Üwe"}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if from := b.wiki.gets[1]["lestart"]; from != "2020-01-02T03:04:05Z" {
		t.Errorf("first look from %s, want the day the account was made", from)
	}
}

func TestLookingForSubscribersWithoutNewsIsOneRequest(t *testing.T) {
	b := newBench(t)
	if _, err := b.Subscribers(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.wiki.gets, b.wiki.now = nil, b.wiki.now.Add(time.Hour)
	if _, err := b.Subscribers(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(b.wiki.gets) != 1 {
		t.Fatalf("%d requests", len(b.wiki.gets))
	}
	if from, want := b.wiki.gets[0]["rcstart"], start.Add(-overlap).Format(time.RFC3339); from != want {
		t.Errorf("read on from %s, want %s", from, want)
	}
}
