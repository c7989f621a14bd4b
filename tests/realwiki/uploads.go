package realwiki

import (
	"fmt"
	"strconv"
	"strings"
)

// Uploads gives the wiki what people watch uploads with on a large one: patrol
// of edits and files (which MediaWiki has by default), revision deletion for
// sysops, drawings shown as PNG, SpamBlacklist with the page
// MediaWiki:Spam-blacklist, and AbuseFilter with the one filter that
// [Wiki.Filter] sets. Of what such wikis have besides, Debian carries neither
// Extension:OAuth nor PagedTiffHandler.
func Uploads() Option {
	return func(s *settings) {
		WithExtensions("AbuseFilter", "SpamBlacklist")(s)
		WithSettings("require __DIR__ . '/uploads.php';")(s)
	}
}

// Filter sets the abuse filter: what it does ("disallow", "warn", "tag") about
// edits that add a word.
func (w *Wiki) Filter(word, description, action string) {
	w.t.Helper()
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	pattern := `added_lines contains "` + word + `"`
	for _, statement := range []string{
		"DELETE FROM abuse_filter",
		"DELETE FROM abuse_filter_action",
		fmt.Sprintf("INSERT INTO abuse_filter (af_id, af_pattern, af_actor, af_timestamp, af_enabled, af_comments, af_public_comments, af_hidden, af_hit_count, af_throttled, af_deleted, af_actions, af_global, af_group) VALUES (1, %s, 1, '20200101000000', 1, '', %s, 0, 0, 0, 0, %s, 0, 'default')",
			quote(pattern), quote(description), quote(action)),
		fmt.Sprintf("INSERT INTO abuse_filter_action (afa_filter, afa_consequence, afa_parameters) VALUES (1, %s, 'abusefilter-%s')",
			quote(action), map[string]string{"disallow": "disallowed", "warn": "warning"}[action]),
	} {
		w.SQL(statement)
	}
}

// UploadAs stores a file with the text of its page and a comment; it overwrites.
func (w *Wiki) UploadAs(as User, name string, content []byte, text, comment string) {
	w.t.Helper()
	if err := w.Client(as).Upload(name, content, text, comment); err != nil {
		w.t.Fatalf("%s uploading %s: %v", as.Name, name, err)
	}
}

// RevDelete hides parts of a revision: "content", "comment", "user", joined by
// "|". It needs the right deleterevision ([Uploads] gives it to sysops).
func (w *Wiki) RevDelete(as User, revision int64, hide string) {
	w.t.Helper()
	w.write(as, Params{"action": "revisiondelete", "type": "revision", "ids": strconv.FormatInt(revision, 10), "hide": hide, "reason": "a test"})
}

// Undo undoes one revision of a page.
func (w *Wiki) Undo(as User, title string, revision int64) {
	w.t.Helper()
	w.write(as, Params{"action": "edit", "title": title, "undo": strconv.FormatInt(revision, 10)})
}

// Rollback reverts the last edits of a page that are this user's.
func (w *Wiki) Rollback(as User, title, user string) {
	w.t.Helper()
	w.writeWith(as, "rollback", Params{"action": "rollback", "title": title, "user": user})
}

// Patrol marks what the wiki recorded last about a title as patrolled: an edit,
// or the upload of a file.
func (w *Wiki) Patrol(as User, title string) {
	w.t.Helper()
	var answer struct {
		Query struct{ RecentChanges []struct{ RCID int64 } }
	}
	p := Params{"action": "query", "list": "recentchanges", "rctitle": title, "rcprop": "ids", "rclimit": "1"}
	if err := w.Client(as).Get(p, &answer); err != nil || len(answer.Query.RecentChanges) == 0 {
		w.t.Fatalf("looking for changes of %s: %v", title, err)
	}
	w.writeWith(as, "patrol", Params{"action": "patrol", "rcid": strconv.FormatInt(answer.Query.RecentChanges[0].RCID, 10)})
}

// SetGroups adds a user to groups and takes others away; both are joined by "|".
func (w *Wiki) SetGroups(name, add, remove string) {
	w.t.Helper()
	w.writeWith(w.Admin, "userrights", Params{"action": "userrights", "user": name, "add": add, "remove": remove, "reason": "a test"})
}

// writeWith posts with a token of another kind than csrf.
func (w *Wiki) writeWith(as User, kind string, p Params) {
	w.t.Helper()
	c := w.Client(as)
	token, err := c.askToken(kind)
	if err == nil {
		p["token"] = token
		err = c.Post(p, nil)
	}
	if err != nil {
		w.t.Fatalf("%s, action=%s %s: %v", as.Name, p["action"], p["title"], err)
	}
}
