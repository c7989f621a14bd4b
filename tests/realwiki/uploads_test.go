package realwiki_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"filewarden/bot/sandbox/picture"
	"filewarden/tests/realwiki"
)

// tags are the change tags of a page's revisions, newest first.
func tags(w *realwiki.Wiki, title string) (all []string) {
	for _, r := range w.History(title) {
		all = append(all, strings.Join(r.Tags, "+"))
	}
	return all
}

func TestEditsAreUndoneAndRolledBack(t *testing.T) {
	w := realwiki.Start(t, realwiki.Uploads())
	alice := w.AddUser("Alice")
	w.Edit(w.Admin, "Page", "one", "")
	w.Undo(w.Admin, "Page", w.Edit(alice, "Page", "bad", ""))
	w.Edit(alice, "Page", "worse", "")
	w.Rollback(w.Admin, "Page", "Alice")
	w.RunJobs()
	if got := tags(w, "Page"); !slices.Equal(got, []string{"mw-rollback", "mw-reverted", "mw-undo", "mw-reverted", ""}) {
		t.Errorf("tags are %q", got)
	}
}

func TestARevisionIsHidden(t *testing.T) {
	w := realwiki.Start(t, realwiki.Uploads())
	alice := w.AddUser("Alice")
	id := w.Edit(alice, "Page", "secret", "")
	w.Edit(alice, "Page", "open", "")
	w.RevDelete(w.Admin, id, "user|content")
	var answer struct {
		Query struct {
			Pages []struct {
				Revisions []struct {
					User       string
					UserHidden bool
				}
			}
		}
	}
	p := realwiki.Params{"action": "query", "titles": "Page", "prop": "revisions", "rvprop": "ids|user", "rvlimit": "1", "rvdir": "newer"}
	if err := w.Anonymous().Get(p, &answer); err != nil {
		t.Fatal(err)
	}
	if r := answer.Query.Pages[0].Revisions[0]; r.User != "" || !r.UserHidden {
		t.Errorf("the revision is %+v", r)
	}
}

func TestAFileIsPatrolledDeletedAndRestored(t *testing.T) {
	w := realwiki.Start(t, realwiki.Uploads())
	alice, rita := w.AddUser("Alice"), w.AddUser("Rita")
	w.SetGroups("Rita", "sysop", "")
	w.UploadAs(alice, "A.jpg", picture.JPEG(picture.Photo(1, 1200, 800), 90), "[[Category:Pics]]", "my own work")
	w.Patrol(rita, "File:A.jpg")
	w.Delete(rita, "File:A.jpg", "[[COM:L|Copyright violation]]")
	w.Undelete(rita, "File:A.jpg")
	var answer struct {
		Query struct {
			LogEvents []struct{ Type, Action, User, Comment string }
		}
	}
	if err := w.Anonymous().Get(realwiki.Params{"action": "query", "list": "logevents", "letitle": "File:A.jpg"}, &answer); err != nil {
		t.Fatal(err)
	}
	var log []string
	for _, e := range answer.Query.LogEvents {
		log = append(log, e.Type+"/"+e.Action+" "+e.User)
	}
	// Entries of one second come in any order of their kinds, but these were one after another.
	for _, want := range []string{"delete/restore Rita", "delete/delete Rita", "patrol/patrol Rita", "upload/upload Alice"} {
		if !slices.Contains(log, want) {
			t.Errorf("the log lacks %q: %q", want, log)
		}
	}
}

func TestThumbnailsAreDrawnOfPhotosAndDrawings(t *testing.T) {
	w := realwiki.Start(t, realwiki.Uploads())
	photo := picture.Photo(1, 1200, 800)
	w.UploadAs(w.Admin, "A.jpg", picture.JPEG(photo, 90), "", "")
	w.UploadAs(w.Admin, "A.svg", picture.SVG(photo), "", "")
	for file, kind := range map[string]string{"File:A.jpg": "image/jpeg", "File:A.svg": "image/png"} {
		var answer struct {
			Query struct {
				Pages []struct{ ImageInfo []struct{ ThumbURL string } }
			}
		}
		p := realwiki.Params{"action": "query", "titles": file, "prop": "imageinfo", "iiprop": "url", "iiurlwidth": "960"}
		if err := w.Anonymous().Get(p, &answer); err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(answer.Query.Pages[0].ImageInfo[0].ThumbURL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != kind {
			t.Errorf("%s: HTTP %s, %s", file, resp.Status, resp.Header.Get("Content-Type"))
		}
	}
}

func TestAFilterRefusesAWordUntilItIsChanged(t *testing.T) {
	w := realwiki.Start(t, realwiki.Uploads())
	alice := w.AddUser("Alice")
	edit := func(text string) string {
		err := w.Client(alice).Write(realwiki.Params{"action": "edit", "title": "Page", "text": text}, nil)
		var refused *realwiki.APIError
		if errors.As(err, &refused) {
			return refused.Code
		}
		return ""
	}
	w.Filter("it's bad", "No such words", "disallow")
	if got := edit("it's bad"); got != "abusefilter-disallowed" {
		t.Errorf("the filter said %q", got)
	}
	w.Filter("worse", "No such words", "disallow")
	if got := edit("it's bad"); got != "" {
		t.Errorf("the filter before said %q", got)
	}
	w.Edit(w.Admin, "MediaWiki:Spam-blacklist", `evil\.example`, "")
	if got := edit("see http://evil.example/"); got != "spamblacklist" {
		t.Errorf("the list said %q", got)
	}
}
