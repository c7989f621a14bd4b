package casebook

import (
	"slices"
	"time"
)

// Case is an image of which something was found.
type Case struct {
	SHA1     string    `json:"sha1"`
	Title    string    `json:"title"`          // of the file now: "File:A b.jpg"
	Uploader string    `json:"uploader"`       // who uploaded the image first; "" when hidden
	Also     []string  `json:"also,omitempty"` // others who uploaded it
	Uploaded time.Time `json:"uploaded"`
	Opened   time.Time `json:"opened"`
	Asked    []string  `json:"asked,omitempty"` // who asked for a check, oldest first
	State    State     `json:"state"`
	// Base is the unreviewed state that the case goes back to when a decision
	// is taken back: Open or Aside.
	Base State `json:"base"`
	// Reason is why the case is not, or was not, on the page of all cases: which
	// filter, or that the file went.
	Reason string `json:"reason,omitempty"`

	Matches  []Match    `json:"matches,omitempty"`  // best first
	Evidence []Evidence `json:"evidence,omitempty"` // what is known without asking a provider
	Safety   *Safety    `json:"safety,omitempty"`   // nil: not asked
	Person   Person     `json:"person"`             // the uploader, when last looked up
	Source   string     `json:"source,omitempty"`   // named on the file page, plain text
	Licence  string     `json:"licence,omitempty"`  // named on the file page, plain text
	NonFree  bool       `json:"nonfree,omitempty"`  // the wiki keeps it as non-free: linked, never shown
	Patrol   string     `json:"patrol,omitempty"`   // who patrolled the upload; "" nobody, or not known

	By       string    `json:"by,omitempty"`      // whose decision is in force
	Decided  time.Time `json:"decided,omitzero"`  // when they decided
	Rev      int64     `json:"rev,omitempty"`     // the revision that says so; 0: review API or command
	Note     string    `json:"note,omitempty"`    // a reviewer's, plain text
	Last     *Decision `json:"last,omitempty"`    // the last one that did not count, until one does
	Gone     string    `json:"gone,omitempty"`    // why the file is not there any more: deletion reason, plain text
	GoneAt   time.Time `json:"goneAt,omitzero"`   // when it went
	Archived time.Time `json:"archived,omitzero"` // when it left the pages for the archive
	// Followed is the Decided of the decision that was counted and told last.
	Followed time.Time `json:"followed,omitzero"`
	// Counted is the decision that statistics count of this case: Accepted,
	// Rejected, or neither.
	Counted State  `json:"counted,omitempty"`
	Action  Action `json:"action,omitzero"`
}

// Kinds of a match, strongest first.
const (
	Full    = "full"    // the same picture
	Partial = "partial" // a part of it, or it is a part
	OnPage  = "page"    // a page that has it
)

// Match is a place on the web, or a file of the wiki, where the image stands
// too. A URL is associated with an image once.
type Match struct {
	URL      string    `json:"url"`               // of the picture, or of the page when the picture's is not known
	Page     string    `json:"page,omitempty"`    // URL of the page that has it
	Title    string    `json:"title,omitempty"`   // of that page, plain text
	Percent  int       `json:"percent"`           // 0…100
	Kind     string    `json:"kind"`              // full, partial or page
	Provider string    `json:"provider"`          // who found it
	Crawled  time.Time `json:"crawled,omitzero"`  // when it was first seen there; zero: not known
	Stock    bool      `json:"stock,omitempty"`   // the provider says: a stock agency or a collection
	Excused  string    `json:"excused,omitempty"` // named: the file page names it as source; licensed: the config says it is free
}

// Kinds of evidence.
const (
	SeenAccepted = "accepted"  // the same content was accepted as copied before
	Deleted      = "deleted"   // the same content was deleted before; Opens when for copyright
	Duplicate    = "duplicate" // the same content is another file now
	Alike        = "alike"     // the picture is like one that is known
	Facebook     = "facebook"  // the name or the metadata are those that Facebook gives
	Metadata     = "metadata"  // the metadata name another author or a copyright
	Name         = "name"      // the file name is one that a web site or camera roll made
	NoLicence    = "nolicence" // the file page names no licence
)

// Evidence is one thing that is known about the image without asking a provider.
type Evidence struct {
	Kind     string    `json:"kind"`
	File     string    `json:"file,omitempty"`   // the other file
	User     string    `json:"user,omitempty"`   // its uploader, or who deleted it
	Text     string    `json:"text,omitempty"`   // foreign: a deletion reason, a field of the metadata
	Time     time.Time `json:"time,omitzero"`    // of the deletion or of the other upload
	Distance int       `json:"bits,omitempty"`   // of Alike: of 256
	Turned   string    `json:"turned,omitempty"` // of Alike: how the picture was turned or mirrored
	Opens    bool      `json:"opens,omitempty"`  // it is reason enough for a case
}

// Safety is how a provider rates what the picture shows: 0 unknown, 1 very
// unlikely … 5 very likely (Cloud Vision, SafeSearchAnnotation).
type Safety struct {
	Adult    int `json:"adult"`
	Spoof    int `json:"spoof"`
	Medical  int `json:"medical"`
	Violence int `json:"violence"`
	Racy     int `json:"racy"`
}

// Person is what is known of an uploader (API:Users).
type Person struct {
	Edits      int       `json:"edits"`
	Registered time.Time `json:"registered,omitzero"`
	Groups     []string  `json:"groups,omitempty"` // but the implicit ones
	Blocked    bool      `json:"blocked,omitempty"`
	Warnings   int       `json:"warnings,omitempty"` // copyright warnings on their talk page
}

// Steps of an action.
const (
	Planned = "planned" // waits for its time
	Doing   = "doing"   // some edits are made
	Acted   = "done"
	Failed  = "failed"  // and Why says why; a person must look
	Undoing = "undoing" // the decision was taken back in the middle
	Undone  = "undone"
	Unacted = "none" // nothing was done, and Why says why: gone, overwritten, tagged already
)

// Action is what is done about an accepted case.
type Action struct {
	ID     string    `json:"id,omitempty"`     // in the edit summaries
	Recipe string    `json:"recipe,omitempty"` // its name
	State  string    `json:"state,omitempty"`
	Due    time.Time `json:"due,omitzero"`
	Step   int       `json:"step,omitempty"` // the next to take, from 0
	Why    string    `json:"why,omitempty"`
	Revs   []int64   `json:"revs,omitempty"` // of its edits, in order
	Ended  time.Time `json:"ended,omitzero"`
}

// Shown says whether the case may stand on a page of cases.
func (c Case) Shown() bool { return c.State != Withheld && c.State != Unshown }

// Own says whether a user uploaded the image.
func (c Case) Own(user string) bool {
	return SameUser(user, c.Uploader) || slices.ContainsFunc(c.Also, func(u string) bool { return SameUser(user, u) })
}

// Unsafe says whether the picture must not be shown as a thumbnail.
func (c Case) Unsafe() bool { return c.Base == Aside || c.State == Withheld || c.NonFree }
