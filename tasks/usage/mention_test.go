package usage

import "testing"

func TestAFileIsFoundHoweverItsNameIsWritten(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"[[File:A b.jpg]]", true},
		{"[[Datei:A_b.jpg|mini]]", true},
		{"[[ image : a b.jpg ]]", true},
		{"<gallery>\nA b.jpg|x\n</gallery>", true},
		{"{{Infobox|image = A_b.jpg}}", true},
		{"{{Infobox\n|image=a  b.jpg\n}}", true},
		{"[[File:A%20b.jpg]]", true},
		{"[[File:A&#32;b.jpg]]", true},
		{"[[File:A&nbsp;b.jpg]]", true},
		{`{"value":"A b.jpg"}`, true},
		{"A b.jpg", true},
		{"[[:File:A b.jpg]]", false},
		{"see [[: file:A b.jpg|this]]", false},
		{"[[File:A b.jpg.png]]", false},
		{"[[File:My A b.jpg]]", false},
		{"[[File:AA b.jpg]]", false},
		{"[[File:A b.jpgs]]", false},
		{"[[File:A B.jpg]]", false},
		{"A picture, A b.jpg, in words", false},
		{"", false},
	} {
		if got := mentionOf("File:A b.jpg").in(plainText(c.text)); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}

func TestFormerNamesAndNamesBeyondASCIIAreFound(t *testing.T) {
	m := mentionOf("File:Äpfel & Birnen.jpg", "File:Old.jpg")
	for _, text := range []string{"[[Datei:äpfel_&amp;_Birnen.jpg]]", "[[File:%C3%84pfel & Birnen.jpg]]", "[[File:A\u0308pfel & Birnen.jpg]]", "[[File:old.jpg]]"} {
		if !m.in(plainText(text)) {
			t.Errorf("not found in %q", text)
		}
	}
}

func FuzzMention(f *testing.F) {
	f.Add("[[File:A b.jpg]]", "File:A b.jpg")
	f.Add("%ff%", "File:ÿ")
	f.Add("x", ":")
	f.Add("", "File:")
	f.Fuzz(func(t *testing.T, text, title string) {
		m := mentionOf(title)
		m.in(plainText(text))
		plain := plainText(bareName(title))
		if plain != "" && plain == plainText(plain) && !m.in(plainText("\n"+plain)) {
			t.Errorf("%q is not found by itself", title)
		}
	})
}
