package sandbox

import (
	"slices"
	"strings"
	"time"
)

// fileVersion is one upload of a file.
type fileVersion struct {
	user     string
	userID   int64
	time     time.Time
	comment  string
	data     []byte
	sha1     string // hexadecimal
	pictured        // what its bytes say
	archived string // when it was replaced, as in its archive name; "" for a current version
	hidden   Parts
}

// archiveName is the name of an old version, "20260101000000!A.png". Its time is
// that of the upload that replaced it.
func (v *fileVersion) archiveName(key string) string { return v.archived + "!" + key }

// file is an image with its versions, oldest first.
type file struct {
	name     string // database key
	versions []*fileVersion
}

func (f *file) current() *fileVersion { return f.versions[len(f.versions)-1] }

// old finds an old version by its archive name, or by the time in it.
func (f *file) old(name string) *fileVersion {
	stamp, _, _ := strings.Cut(name, "!")
	for _, v := range f.versions {
		if v.archived != "" && v.archived == stamp {
			return v
		}
	}
	return nil
}

// archivedFile is a row of the filearchive table: a version of a deleted file,
// or a deleted version of a file that is still there.
type archivedFile struct {
	id   int64
	name string // database key
	*fileVersion
}

// uploading is one upload on its way into a file.
type uploading struct {
	by            author
	title         title
	data          []byte
	comment, text string // the text is that of a new page
	rights        []string
	tags          []string
}

// Upload stores a file, or a new version of it, and writes its log entry and
// its page, whose text is the comment.
func (w *Wiki) Upload(user, name string, data []byte, comment string) {
	w.UploadWithText(user, name, data, comment, comment)
}

// UploadWithText is Upload with another text for a new page.
func (w *Wiki) UploadWithText(user, name string, data []byte, comment, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := must(w.parseTitle(name, nsFile))
	a := w.addIfMissing(user)
	w.upload(uploading{by: author{a.name, a.id}, title: t, data: data, comment: comment, text: text, rights: w.rightsOf(&login{account: a})})
}

// Revert makes an older version of a file current again, as action=filerevert
// does: one more version with the old bytes, logged as an overwrite. Version 0
// is the oldest.
func (w *Wiki) Revert(user, name string, version int, comment string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := must(w.parseTitle(name, nsFile))
	w.upload(uploading{by: w.authorOf(canonicalUser(user)), title: t, data: w.files[t.key].versions[version].data, comment: comment})
}

// upload is shared by seeds and the actions.
func (w *Wiki) upload(u uploading) *fileVersion {
	t := u.title
	v := &fileVersion{user: u.by.name, userID: u.by.id, time: w.now(), comment: cutComment(u.comment), data: u.data, sha1: hexSHA1(u.data), pictured: look(t.key, u.data)}
	action := w.addVersion(t, v)
	if w.pageOf(t) == nil {
		w.save(saving{title: t, text: u.text, comment: u.comment, author: u.by, quiet: true})
		w.changes = w.changes[:len(w.changes)-1] // the log entry stands for the page's creation
	} else {
		w.nullRevision(w.pageOf(t), u.by, u.by.name+" uploaded a new version of [["+w.name(t)+"]]")
	}
	w.addLog(&logEntry{kind: "upload", action: action, title: t, page: w.pageOf(t).id, rev: w.pageOf(t).latest().ID, user: u.by.name, userID: u.by.id, comment: u.comment,
		params: M{"img_sha1": base36SHA1(u.data), "img_timestamp": isoTime(v.time)}, tags: u.tags}, false)
	w.changes[len(w.changes)-1].patrol = w.patrolled(u.by, u.rights)
	w.forgetShared(t)
	return v
}

// addVersion puts a version on top of a file and says what the log calls that.
func (w *Wiki) addVersion(t title, v *fileVersion) (action string) {
	f := w.files[t.key]
	if f == nil {
		w.files[t.key] = &file{name: t.key, versions: []*fileVersion{v}}
		return "upload"
	}
	last := f.current()
	if !v.time.After(last.time) {
		v.time = last.time.Add(time.Second) // versions are told apart by their time
	}
	last.archived = mwTime(v.time)
	f.versions = append(f.versions, v)
	return "overwrite"
}

// forgetShared renews the uses of a file whose name is now taken, or free
// again, on this wiki.
func (w *Wiki) forgetShared(t title) {
	for _, p := range w.index.to("file", t) {
		w.shareUses(p)
	}
}

// archiveFile moves every version of a file into the archive.
func (w *Wiki) archiveFile(t title) {
	f := w.files[t.key]
	if f == nil {
		return
	}
	delete(w.files, t.key)
	for _, v := range f.versions {
		w.archiveVersion(t.key, v)
	}
	w.forgetShared(t)
}

func (w *Wiki) archiveVersion(key string, v *fileVersion) {
	w.lastFile++
	w.filearchive = append(w.filearchive, &archivedFile{w.lastFile, key, v})
}

// restoreFile takes a file's versions out of the archive again, and says how many.
func (w *Wiki) restoreFile(t title) int {
	f := &file{name: t.key}
	w.filearchive = slices.DeleteFunc(w.filearchive, func(a *archivedFile) bool {
		if a.name == t.key {
			f.versions = append(f.versions, a.fileVersion)
		}
		return a.name == t.key
	})
	if len(f.versions) == 0 {
		return 0
	}
	slices.SortStableFunc(f.versions, func(x, y *fileVersion) int { return x.time.Compare(y.time) })
	w.files[t.key] = f
	w.forgetShared(t)
	return len(f.versions)
}

// deleteOldVersion deletes one old version. The log tells it like the deletion
// of the whole file; only the comment says what it was.
func (w *Wiki) deleteOldVersion(by author, t title, v *fileVersion, reason string) *logEntry {
	f := w.files[t.key]
	f.versions = slices.DeleteFunc(f.versions, func(other *fileVersion) bool { return other == v })
	w.archiveVersion(t.key, v)
	return w.addLog(&logEntry{kind: "delete", action: "delete", title: t, page: w.pageOf(t).id, user: by.name, userID: by.id,
		comment: "Deleted old revision " + v.archiveName(t.key) + ": " + reason, params: M{}}, false)
}

// sameBytes are the names of the files that have these bytes now.
func (w *Wiki) sameBytes(sha1 string) []string {
	var names []string
	for _, name := range w.fileNames() {
		if w.files[name].current().sha1 == sha1 {
			names = append(names, name)
		}
	}
	return names
}
