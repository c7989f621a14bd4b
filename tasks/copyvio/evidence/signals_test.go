package evidence

import (
	"strings"
	"testing"

	"filewarden/tasks/copyvio/casebook"
)

// kinds of evidence, in order.
func kinds(s Subject) string {
	var all []string
	for _, e := range Signals(s) {
		all = append(all, e.Kind)
	}
	return strings.Join(all, " ")
}

func TestNameAndMetadataGiveAFileAway(t *testing.T) {
	for name, test := range map[string]struct {
		is   Subject
		want string
	}{
		"instructions of Facebook":   {Subject{Metadata: map[string]string{"SpecialInstructions": "FBMD01000a9b0d0000"}, Licence: "CC0"}, casebook.Facebook},
		"a name of Facebook":         {Subject{Title: "File:120000 1234567 7654321 n.jpg", Licence: "CC0"}, casebook.Facebook},
		"with underscores":           {Subject{Title: "File:120000_1234567_7654321_o.jpg", Licence: "CC0"}, casebook.Facebook},
		"a name of a messenger":      {Subject{Title: "File:WhatsApp Image 2026-11-01 at 12.00.jpg", Licence: "CC0"}, casebook.Name},
		"a name of a stock agency":   {Subject{Title: "File:Shutterstock 12345.jpg", Licence: "CC0"}, casebook.Name},
		"a code":                     {Subject{Title: "File:a1b2c3d4e5f6a1b2c3d4e5f6a1.jpg", Licence: "CC0"}, casebook.Name},
		"another author":             {Subject{User: "Una", Metadata: map[string]string{"Artist": "Getty Images"}, Licence: "CC0"}, casebook.Metadata},
		"the uploader as author":     {Subject{User: "Una Uploader", Metadata: map[string]string{"Artist": "Una Uploader, 2026"}, Licence: "CC0"}, ""},
		"a camera that names nobody": {Subject{User: "Una", Metadata: map[string]string{"Artist": "Unknown", "Copyright": "2026"}, Licence: "CC0"}, ""},
		"a free licence in metadata": {Subject{User: "Una", Metadata: map[string]string{"UsageTerms": "Creative Commons BY"}, Licence: "CC0"}, ""},
		"no licence":                 {Subject{Title: "File:A sparrow at dawn.jpg", Text: "A sparrow."}, casebook.NoLicence},
		"a licence in the text":      {Subject{Title: "File:A sparrow.jpg", Text: "{{self|cc-by-sa-4.0}}"}, ""},
		"a name with a date":         {Subject{Title: "File:Kölner Dom 2026-11-29 12 30.jpg", Licence: "CC0"}, ""},
		"a long word":                {Subject{Title: "File:Donaudampfschifffahrtsgesellschaftskapitaen1.jpg", Licence: "CC0"}, ""},
	} {
		if got := kinds(test.is); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestALicenceIsReadFromItsTemplate(t *testing.T) {
	for text, want := range map[string]string{
		"{{self|cc-by-sa-4.0}}": "cc-by-sa-4.0", "{{self|author=Una|cc-by-4.0|gfdl}}": "cc-by-4.0", "{{ CC0 }}": "CC0",
		"{{Information|author=Una}}\n{{PD-old-70}}": "PD-old-70", "{{Information|source=own}}": "", "{{cc-by-4.0": "cc-by-4.0",
	} {
		if got := Licence(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestForeignTextsAreCutToOneLine(t *testing.T) {
	s := Subject{Metadata: map[string]string{"Artist": "A\n" + strings.Repeat("b ", 500)}, Licence: "CC0"}
	if e := Signals(s); len([]rune(e[0].Text)) > maxText || strings.Contains(e[0].Text, "\n") {
		t.Errorf("%q", e[0].Text)
	}
}
