package wikiconfig

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryTextOnAnOptOutListIsANo(t *testing.T) {
	type lists = []string
	for name, c := range map[string]struct {
		text         string
		users, pages lists
		refused      bool
	}{
		"the right form":       {`{"users": ["Bob", "Alice", "Bob"], "pages": ["User talk:Carol_D"]}`, lists{"Alice", "Bob"}, lists{"User talk:Carol D"}, false},
		"blank":                {" ", lists{}, lists{}, false},
		"an empty object":      {"{}", lists{}, lists{}, false},
		"names with namespace": {`{"users": ["User:Alice", "user_talk:Bob", "[[User:Carol|C]]"]}`, lists{"Alice", "Bob", "Carol"}, lists{}, false},
		"a bare list":          {`["Alice", "User talk:Bob"]`, lists{"Alice", "Bob"}, lists{"Alice", "User talk:Bob"}, false},
		"a bare text":          {`"Alice"`, lists{"Alice"}, lists{"Alice"}, false},
		"a text for a list":    {`{"users": "Alice"}`, lists{"Alice"}, lists{}, false},
		"objects":              {`{"users": [{"name": "Alice", "until": 2027}], "pages": {"Talk:X": true}}`, lists{"2027", "Alice", "name", "until"}, lists{"Talk:X"}, false},
		"a name of digits":     {`{"users": [123, 1e3]}`, lists{"123", "1e3"}, lists{}, false},
		"a misspelt key":       {`{"Users": ["Alice"], "page": ["X"]}`, lists{"Alice"}, lists{"X"}, false},
		"another key":          {`{"bots": ["Alice"]}`, lists{"Alice", "bots"}, lists{"Alice", "bots"}, false},
		"right to left":        {`{"users": ["דוד", "O'Neil \"B\"", "𝒳"]}`, lists{`O'Neil "B"`, "דוד", "𝒳"}, lists{}, false},
		"a key twice":          {`{"users": ["Alice"], "users": ["Bob"]}`, lists{"Alice", "Bob"}, lists{}, true},
		"a comma too many":     {`{"users": ["Alice",], "pages": ["X"]}`, lists{"Alice"}, lists{"X"}, true},
		"cut off":              {`{"users": ["Alice", "Bo`, lists{"Alice", "Bo"}, lists{}, true},
		"two objects":          {`{"users": ["Alice"]} {"users": ["Bob"]}`, lists{"Alice", "Bob"}, lists{}, true},
		"null":                 {`null`, lists{}, lists{}, true},
		"true":                 {`true`, lists{}, lists{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := ParseOptOut(c.text)
			if diff := cmp.Diff(OptOut{c.users, c.pages}, got); diff != "" {
				t.Error(diff)
			}
			if Refused(problems) != c.refused {
				t.Errorf("refused %v: %v", Refused(problems), problems)
			}
		})
	}
}

func TestProseIsNoOptOutListButItsNamesCount(t *testing.T) {
	got, problems := ParseOptOut("Please leave me alone!\n* [[User:Alice]]\n* {\"users\": [\"Bob\"]}")
	if !Refused(problems) || !slices.Contains(got.Users, "Alice") || !slices.Contains(got.Users, "Bob") {
		t.Error(got, problems)
	}
}

func TestALongOptOutListIsReadWholeAndATooLongOneRefused(t *testing.T) {
	names := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"U%d"`, i)
		}
		return `{"users": [` + b.String()[1:] + `]}`
	}
	if got, problems := ParseOptOut(names(maxOptOut)); len(got.Users) != maxOptOut || len(problems) > 0 {
		t.Errorf("%d users, %v", len(got.Users), problems)
	}
	if got, problems := ParseOptOut(names(maxOptOut + 10)); len(got.Users) < maxOptOut || !Refused(problems) {
		t.Errorf("%d users, %v", len(got.Users), problems)
	}
}
