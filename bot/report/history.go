package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"filewarden/bot/wiki"
)

// revision is one revision of a page with its text.
type revision struct {
	ID   int64
	User string // "" when the name is hidden
	Time time.Time
	Text string
	Dark bool // the text is hidden
	Undo bool // the wiki tagged it as a revert of others

	Parent int64 // 0: the first of its page
}

// past is a stretch of a page's history.
type past struct {
	revs   []revision
	more   bool // the wiki has more of what was asked for
	readAt time.Time
}

// historyAnswer is an answer of prop=revisions (API:Revisions, formatversion 2).
type historyAnswer struct {
	Continue     map[string]any `json:"continue"`
	CurTimestamp time.Time      `json:"curtimestamp"`
	Query        struct {
		Pages []struct {
			Title     string `json:"title"`
			Missing   bool   `json:"missing"`
			Invalid   bool   `json:"invalid"`
			Revisions []struct {
				ID         int64     `json:"revid"`
				Parent     int64     `json:"parentid"`
				User       string    `json:"user"`
				UserHidden bool      `json:"userhidden"`
				Timestamp  time.Time `json:"timestamp"`
				Tags       []string  `json:"tags"`
				Slots      struct {
					Main struct {
						Content *string `json:"content"`
					} `json:"main"`
				} `json:"slots"`
			} `json:"revisions"`
		} `json:"pages"`
	} `json:"query"`
}

// revertTags are the change tags by which MediaWiki marks reverts (Manual:Reverts).
var revertTags = []string{"mw-rollback", "mw-undo", "mw-manual-revert"}

// history asks for revisions of one page, in one request.
func history(ctx context.Context, s *wiki.Session, p wiki.Params) (past, error) {
	p["action"], p["prop"], p["rvslots"], p["curtimestamp"] = "query", "revisions", "main", "1"
	p["rvprop"] = "ids|user|timestamp|tags|content"
	o, err := s.Get(ctx, p)
	if err != nil {
		return past{}, fmt.Errorf("reading the history of %s: %w", p["titles"], err)
	}
	raw, err := o.MarshalJSON()
	if err != nil {
		return past{}, err
	}
	var a historyAnswer
	if err := json.Unmarshal(raw, &a); err != nil {
		return past{}, fmt.Errorf("reading the history of %s: %w", p["titles"], err)
	}
	if len(a.Query.Pages) != 1 || a.Query.Pages[0].Invalid {
		return past{}, fmt.Errorf("reading the history of %s: the wiki has no such title", p["titles"])
	}
	return past{revs: a.revisions(), more: a.Continue != nil, readAt: a.CurTimestamp}, nil
}

func (a historyAnswer) revisions() (revs []revision) {
	for _, r := range a.Query.Pages[0].Revisions {
		rev := revision{ID: r.ID, Parent: r.Parent, User: r.User, Time: r.Timestamp, Dark: r.Slots.Main.Content == nil}
		if r.UserHidden {
			rev.User = ""
		}
		if !rev.Dark {
			rev.Text = *r.Slots.Main.Content
		}
		rev.Undo = slices.ContainsFunc(r.Tags, func(t string) bool { return slices.Contains(revertTags, t) })
		revs = append(revs, rev)
	}
	return revs
}
