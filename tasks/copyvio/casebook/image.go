package casebook

import (
	"slices"
	"time"
)

// Stage of an image on its way from the upload to the end of the search.
type Stage string

const (
	Hashing Stage = "hashing" // seen in the upload log; its picture has yet to be read
	Waiting Stage = "waiting" // for the end of the waiting period, or for a provider
	Done    Stage = "done"    // everything was asked
	Gone    Stage = "gone"    // deleted before it was looked for; its hash stays
	Passed  Stage = "passed"  // passed over, and Why says why
)

// Image is one content.
type Image struct {
	SHA1    string   `json:"sha1"`
	Uploads []Upload `json:"uploads"` // oldest first
	Stage   Stage    `json:"stage"`
	Why     string   `json:"why,omitempty"` // of Passed and Gone, and of a picture without a hash
	// Due is when it is to be looked at next; zero: never again.
	Due   time.Time `json:"due,omitzero"`
	Tries int       `json:"tries,omitempty"` // at its present stage, in vain
	// Asked are those who asked for a check, oldest first; the waiting period does not hold them up.
	Asked []Ask `json:"asked,omitempty"`

	MIME      string `json:"mime,omitempty"`
	MediaType string `json:"media,omitempty"` // BITMAP, DRAWING… (API:Imageinfo)
	Width     int    `json:"width,omitempty"`
	Height    int    `json:"height,omitempty"`
	Size      int    `json:"size,omitempty"` // bytes
}

// Upload is one time that somebody uploaded the image.
type Upload struct {
	Title   string    `json:"title"` // as it was called then, or as it was moved since: "File:A b.jpg"
	User    string    `json:"user"`  // "" when hidden
	Time    time.Time `json:"time"`
	Log     int64     `json:"log,omitempty"`  // id in the upload log
	Action  string    `json:"action"`         // upload, overwrite or revert
	Deleted bool      `json:"gone,omitempty"` // it is not there any more
	Over    bool      `json:"over,omitempty"` // another version stands at the title now
	Reason  string    `json:"why,omitempty"`  // of the deletion
}

// Ask is somebody's wish to have the image checked.
type Ask struct {
	User    string    `json:"user"`
	Request string    `json:"request"` // id of the request, or "command"
	Time    time.Time `json:"time"`
	Done    bool      `json:"done,omitempty"` // the image was looked for since
}

// Wanted says whether somebody asked for the image and has yet to hear of it.
func (i Image) Wanted() bool {
	return slices.ContainsFunc(i.Asked, func(a Ask) bool { return !a.Done })
}

// Answered is the asks as they are once the image was looked for.
func Answered(asked []Ask) []Ask {
	asked = slices.Clone(asked)
	for n := range asked {
		asked[n].Done = true
	}
	return asked
}

// Titles are where the image may stand, its latest upload first: those that are
// not known to be deleted.
func (i Image) Titles() (titles []string) {
	for n := len(i.Uploads) - 1; n >= 0; n-- {
		if u := i.Uploads[n]; !u.Deleted && !slices.Contains(titles, u.Title) {
			titles = append(titles, u.Title)
		}
	}
	return titles
}

// Stands says whether a file shows the image, and no other version.
func (i Image) Stands(title string) bool {
	return slices.ContainsFunc(i.Uploads, func(u Upload) bool { return u.Title == title && !u.Deleted && !u.Over })
}

// Title is where the image stands now: its latest upload that is not deleted; "" when it is nowhere.
func (i Image) Title() string {
	if titles := i.Titles(); len(titles) > 0 {
		return titles[0]
	}
	return ""
}

// current is the title that shows the image, and no other one; "" when there is none.
func (i Image) current() string {
	for n := len(i.Uploads) - 1; n >= 0; n-- {
		if u := i.Uploads[n]; !u.Deleted && !u.Over {
			return u.Title
		}
	}
	return ""
}

// First is the oldest upload by somebody whose name is known, a revert to an
// earlier version not counted.
func (i Image) First() Upload {
	for _, u := range i.Uploads {
		if u.Action != "revert" && u.User != "" {
			return u
		}
	}
	if len(i.Uploads) > 0 {
		return i.Uploads[0]
	}
	return Upload{}
}
