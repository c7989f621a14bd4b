package recipe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"filewarden/templates"
)

// Places in patterns.
var (
	titlePlaces = []string{"file", "name", "uploader", "year", "month", "monthname", "day", "daytwo"}
	textPlaces  = append([]string{"url", "reason", "reviewer", "template"}, titlePlaces...)
)

// recipeJSON is a recipe as it is written.
type recipeJSON struct {
	Name           string                   `json:"name"`
	Wikis          []string                 `json:"wikis"`
	CopyvioPattern string                   `json:"copyvioPattern"`
	Tagged         []string                 `json:"tagged"`
	Procedures     map[string]procedureJSON `json:"procedures"`
}

type procedureJSON struct {
	Needs     string       `json:"needs"`
	Otherwise string       `json:"otherwise"`
	Request   *requestJSON `json:"request"`
	Steps     []stepJSON   `json:"steps"`
}

type requestJSON struct {
	Page   string   `json:"page"`
	Closed []string `json:"closed"`
}

type stepJSON struct {
	Page     string `json:"page"`
	Position string `json:"position"`
	Heading  string `json:"heading"`
	Text     string `json:"text"`
	New      string `json:"new"`
	Summary  string `json:"summary"`
	To       string `json:"to"` // uploader, or nobody
	Minor    bool   `json:"minor"`
}

// Parse reads and checks a recipe.
func Parse(source []byte) (Recipe, error) {
	var j recipeJSON
	d := json.NewDecoder(bytes.NewReader(source))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return Recipe{}, fmt.Errorf("reading a recipe: %w", err)
	}
	r := Recipe{Name: j.Name, Wikis: j.Wikis, procedures: map[string]procedure{}}
	if j.Name == "" || j.CopyvioPattern == "" {
		return r, errors.New("a recipe needs a name and a copyvioPattern")
	}
	var err error
	if r.CopyvioPattern, err = regexp.Compile(j.CopyvioPattern); err != nil {
		return r, fmt.Errorf("copyvioPattern: %w", err)
	}
	for _, t := range j.Tagged {
		p, err := pattern("tagged", t, []string{"template"})
		if err != nil {
			return r, err
		}
		r.tagged = append(r.tagged, p)
	}
	for _, name := range slices.Sorted(maps.Keys(j.Procedures)) {
		if r.procedures[name], err = j.Procedures[name].parse(name); err != nil {
			return r, fmt.Errorf("procedure %s: %w", name, err)
		}
	}
	return r, r.check()
}

// check looks at what procedures say about each other.
func (r Recipe) check() error {
	if _, known := r.procedures[Tag]; !known {
		return fmt.Errorf("recipe %s: there is no procedure %s, which stands in for the others", r.Name, Tag)
	}
	for name, p := range r.procedures {
		switch other, known := r.procedures[p.otherwise]; {
		case !slices.Contains([]string{Tag, Delayed, Nominate, Delete}, name):
			return fmt.Errorf("recipe %s: %q is no procedure", r.Name, name)
		case (p.needs == "") != (p.otherwise == ""), p.needs != "" && p.needs != "url":
			return fmt.Errorf("procedure %s: needs can be url, and then otherwise names another procedure", name)
		case p.otherwise != "" && (!known || other.needs != ""):
			return fmt.Errorf("procedure %s: otherwise %q is no procedure that can always be followed", name, p.otherwise)
		}
	}
	return nil
}

func (j procedureJSON) parse(name string) (p procedure, err error) {
	p = procedure{needs: j.Needs, otherwise: j.Otherwise}
	if j.Request != nil {
		p.request = &request{closed: j.Request.Closed}
		if p.request.page, err = pattern("request", j.Request.Page, titlePlaces); err != nil {
			return p, err
		}
	}
	for i, s := range j.Steps {
		parsed, err := s.parse()
		if err == nil && parsed.position == deletion && name != Delete {
			err = errors.New("only the procedure delete may delete")
		}
		if err != nil {
			return p, fmt.Errorf("step %d: %w", i, err)
		}
		p.steps = append(p.steps, parsed)
	}
	if len(p.steps) == 0 || p.steps[0].notice {
		return p, errors.New("the first step must be about the file")
	}
	return p, nil
}

func (j stepJSON) parse() (s step, err error) {
	s = step{position: j.Position, notice: j.To != "", minor: j.Minor}
	for _, field := range []struct {
		name, source string
		into         *templates.Pattern
		places       []string
	}{
		{"page", j.Page, &s.page, titlePlaces},
		{"heading", j.Heading, &s.heading, textPlaces},
		{"text", j.Text, &s.text, textPlaces},
		{"new", j.New, &s.fresh, textPlaces},
		{"summary", j.Summary, &s.summary, textPlaces},
	} {
		if *field.into, err = pattern(field.name, field.source, field.places); err != nil {
			return s, err
		}
	}
	switch {
	case j.Page == "":
		return s, errors.New("a step needs a page")
	case !slices.Contains([]string{top, bottom, section, create, deletion}, j.Position):
		return s, fmt.Errorf("position %q is none of top, bottom, section, create, delete", j.Position)
	case s.text.Blank() != (j.Position == deletion):
		return s, errors.New("a step has a text, but for a deletion")
	case s.heading.Blank() == (j.Position == section):
		return s, errors.New("a new section has a heading, and nothing else has one")
	case s.notice && (j.To != "uploader" || !slices.Contains(s.page.Places(), "uploader")):
		return s, fmt.Errorf("to %q: a notice goes to the uploader, on a page of theirs", j.To)
	case !s.notice && slices.Contains(s.page.Places(), "uploader"):
		return s, errors.New("a step on a page of the uploader is a notice to them")
	}
	return s, nil
}

// pattern reads one pattern, which may have certain places only.
func pattern(field, source string, places []string) (templates.Pattern, error) {
	p, err := templates.ParsePattern(source)
	if err != nil {
		return p, fmt.Errorf("%s: %w", field, err)
	}
	for _, name := range p.Places() {
		if !slices.Contains(places, name) {
			return p, fmt.Errorf("%s: %q can stand in none of its places", field, name)
		}
	}
	return p, nil
}
