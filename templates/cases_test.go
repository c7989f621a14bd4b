package templates

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

func cases(t *testing.T, name string) []txtar.File {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + name)
	if err != nil || len(archive.Files) == 0 {
		t.Fatalf("%d cases, %v", len(archive.Files), err)
	}
	return archive.Files
}

func TestMessages(t *testing.T) {
	for _, c := range cases(t, "messages.txtar") {
		t.Run(c.Name, func(t *testing.T) { messageCase(t, string(c.Data)) })
	}
}

func messageCase(t *testing.T, data string) {
	lines := strings.Split(strings.TrimSuffix(data, "\n"), "\n")
	l := load(t, lines[0], `{"m": `+strconv.Quote(lines[1])+`, "list-comma": ", ", "list-and": " and "}`).In(lines[0])
	var args []any
	for _, line := range lines[2:] {
		word, rest, _ := strings.Cut(line, " ")
		var got string
		switch word {
		case "=":
			got = l.Text("m", args...)
		case "-":
			got = l.PlainText("m", args...)
		case "@":
			got = l.MailText("m", args...)
		case "#":
			got = l.Summary("m", args...)
		default:
			args = append(args, argument(t, word, rest))
			continue
		}
		if got = strings.ReplaceAll(got, "\u00a0", " "); got != rest {
			t.Errorf("%s\n got %s\nwant %s", word, got, rest)
		}
	}
}

func argument(t *testing.T, kind, value string) any {
	parts := append(strings.Split(value, " -> "), "", "")
	switch kind {
	case "num":
		n, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case "plain":
		return value
	case "link":
		return Link(parts[0], parts[1])
	case "section":
		return Section(parts[0], parts[1], parts[2])
	case "user":
		return User(value)
	case "agent":
		return Agent(parts[0]).As(Gender(parts[1]))
	case "url":
		return URL(parts[0], parts[1])
	case "target":
		return Target(value)
	case "address":
		return Address(value)
	case "list":
		return List(parts[0], parts[1], parts[2])
	case "date":
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	t.Fatalf("no argument is called %q", kind)
	return nil
}

func TestHostileTextIsShownAsWritten(t *testing.T) {
	l := load(t, "en", `{"m": "$1"}`).In("en")
	for _, c := range cases(t, "hostile.txtar") {
		quoted, want, _ := strings.Cut(string(c.Data), "\n")
		text, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if got := l.Text("m", text); got != strings.TrimSpace(want) {
			t.Errorf("%s\n got %s\nwant %s", c.Name, got, want)
		}
	}
}
