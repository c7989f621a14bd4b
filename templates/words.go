package templates

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// lastResort is the language in which every message exists.
const lastResort = "en"

// documentation is the language code under which MediaWiki keeps notes for
// translators.
const documentation = "qqq"

// Words are all messages of all registered folders in all languages. They do
// not change after Load and may be shared.
type Words struct {
	lexicons map[string]*lexicon
	notes    map[string]string
}

// Load reads the message files at the root of each folder. It fails on the
// first folder that has no English, on a key that two folders use, and on a
// message that does not parse, and reports all such mistakes at once, each with
// file, key and what is wrong.
func Load(folders ...fs.FS) (*Words, error) {
	return loadWanted(func(string) bool { return true }, folders)
}

// LoadIn is one language of what Load reads, without reading the others: those
// that it does not fall back to are of no use to a command that tells something once.
func LoadIn(code string, folders ...fs.FS) (*Language, error) {
	chain := fallbacks(code)
	w, err := loadWanted(func(code string) bool { return slices.Contains(chain, code) }, folders)
	if err != nil {
		return nil, err
	}
	return w.In(code), nil
}

// loadWanted reads the languages that are wanted.
func loadWanted(wanted func(code string) bool, folders []fs.FS) (*Words, error) {
	w := &Words{lexicons: map[string]*lexicon{}, notes: map[string]string{}}
	var problems []error
	for n, folder := range folders {
		if err := w.add(folder, wanted); err != nil {
			problems = append(problems, fmt.Errorf("words of folder %d: %w", n+1, err))
		}
	}
	if w.lexicons[lastResort] == nil && len(problems) == 0 {
		problems = append(problems, errors.New("no folder of words was given"))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return w, nil
}

func (w *Words) add(folder fs.FS, wanted func(code string) bool) error {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return err
	}
	if !slices.Contains(names, lastResort+".json") {
		return fmt.Errorf("%s.json is missing: every message needs its English text", lastResort)
	}
	var problems []error
	for _, name := range names {
		if !wanted(codeOf(name)) {
			continue
		}
		source, err := fs.ReadFile(folder, name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		problems = append(problems, w.addFile(name, source))
	}
	return errors.Join(problems...)
}

func (w *Words) addFile(name string, source []byte) error {
	texts, err := decode(source)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	code := codeOf(name)
	if code != documentation && w.lexicons[code] == nil {
		w.lexicons[code] = newLexicon(code)
	}
	var problems []error
	for _, t := range texts {
		if err := w.addText(code, t.key, t.value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", name, t.key, err))
		}
	}
	return errors.Join(problems...)
}

// codeOf is the language of a file.
func codeOf(name string) string { return strings.TrimSuffix(path.Base(name), ".json") }

func (w *Words) addText(code, key, value string) error {
	if code == documentation {
		w.notes[key] = value
		return nil
	}
	messages := w.lexicons[code].messages
	if _, taken := messages[key]; taken {
		return errors.New("the key is already used; choose another")
	}
	tree, err := parseMessage(value)
	if err != nil {
		return err
	}
	messages[key] = tree
	return nil
}

type entry struct{ key, value string }

// decode reads a message file in the order it is written. encoding/json alone
// would let the last of two equal keys win without a word.
func decode(source []byte) ([]entry, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(source, &members); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(source))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var texts []entry
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, err
		}
		name := key.(string)
		if strings.HasPrefix(name, "@") {
			continue
		}
		var value string
		if err := json.Unmarshal(raw, &value); err != nil {
			return nil, fmt.Errorf("%s: a message is a string", name)
		}
		texts = append(texts, entry{name, value})
	}
	return texts, nil
}

// Languages are the codes in which words exist, sorted, without qqq.
func (w *Words) Languages() []string {
	codes := make([]string, 0, len(w.lexicons))
	for code := range w.lexicons {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// In is the language as MediaWiki would choose it: the given code, then its
// fallbacks, then English. The code may be of any case; an unknown or empty one
// is English.
func (w *Words) In(code string) *Language {
	l := &Language{}
	for _, c := range fallbacks(code) {
		if lex := w.lexicons[c]; lex != nil {
			l.chain = append(l.chain, lex)
		}
	}
	return l
}
