package templates

import (
	"strings"
	"testing"
	"testing/fstest"
)

// load makes words from one language's JSON body over English.
func load(t testing.TB, code, body string) *Words {
	t.Helper()
	folder := fstest.MapFS{code + ".json": {Data: []byte(body)}}
	if code != "en" {
		folder["en.json"] = &fstest.MapFile{Data: []byte(`{}`)}
	}
	w, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAnArgumentIsNeverParsed(t *testing.T) {
	l := load(t, "en", `{"m": "a $1 b {{PLURAL:$2|one|$2 many}} $3"}`).In("en")
	for _, hostile := range []string{"$2", "{{PLURAL:1|x|y}}", "|", "}}", "[[X]]", "{{!}}", "<nowiki>", "~~~~", "__TOC__", "''b''", "http://evil.example"} {
		got := l.Text("m", hostile, 2, "end")
		want := "a " + escape(hostile) + " b 2 many end"
		if got != want {
			t.Errorf("argument %q: got %q, want %q", hostile, got, want)
		}
	}
	if got := l.PlainText("m", "$2 {{PLURAL:1|x|y}}", 1, "''c''"); got != "a $2 {{PLURAL:1|x|y}} b one ''c''" {
		t.Errorf("plain text: %q", got)
	}
}

func TestLoadNamesFileKeyAndMistake(t *testing.T) {
	_, err := Load(fstest.MapFS{
		"en.json": {Data: []byte(`{"a": "{{PLURAL:$1|x", "b": "{{GENDER:$1}}", "c": "fine", "c": "again"}`)},
		"de.json": {Data: []byte(`{"a": 3}`)},
	})
	if err == nil {
		t.Fatal("loaded words with mistakes")
	}
	for _, want := range []string{"en.json: a: {{PLURAL: has no }}", "en.json: b: {{GENDER:}} has no forms", "en.json: c: the key is already used", "de.json: a: a message is a string"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}

func TestFallbackEndsInEnglish(t *testing.T) {
	for code, want := range map[string]string{
		"de-at": "de-at de en", "DE_at": "de-at de en", "zh": "zh zh-hans en", "": "en", "xx": "xx en",
		"zh-tw": "zh-tw zh-hant zh-hk zh-hans zh en", "pt-br": "pt-br pt en", "gsw": "gsw de en",
	} {
		if got := strings.Join(fallbacks(code), " "); got != want {
			t.Errorf("%q falls back by %q, want %q", code, got, want)
		}
	}
}

// house is the real words.
func house(t testing.TB) *Words {
	t.Helper()
	w, err := Load(Folder(""), Folder("usage"), Folder("provenance"), Folder("copyvio"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheWordsOfTheHouseLoad(t *testing.T) {
	got := house(t).In("en").Text("usage-used-many-by", "A.jpg", Agent("Smallbones"), Link("Zonotrichia", ""), "English Wikipedia", 2)
	want := "A.jpg was used by Smallbones on [[:Zonotrichia|Zonotrichia]] and 2 other pages at English Wikipedia."
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
