package sandbox

import (
	"io"
	"slices"
	"strings"
)

func runUpload(c *call, a args) error {
	if !c.can("upload") {
		return c.need("upload")
	}
	part, _, err := c.r.FormFile("file")
	if err != nil {
		return fail("missingparam", `One of the parameters "filekey", "file" and "url" is required.`)
	}
	defer part.Close()
	data, err := io.ReadAll(io.LimitReader(part, 100<<20))
	if err != nil {
		return fail("internal_api_error_Sandbox", "reading the upload: %v", err)
	}
	t, err := c.uploadTitle(a)
	if err != nil {
		return err
	}
	if err := checkType(t, data); err != nil {
		return err
	}
	old, warnings := c.w.files[t.key], c.w.uploadWarnings(t, data)
	if len(warnings) > 0 && !a.flag("ignorewarnings") {
		c.out["upload"] = M{"result": "Warning", "warnings": warnings, "filekey": randomHex(6) + ".1.png", "sessionkey": randomHex(6) + ".1.png"}
		return nil
	}
	if old != nil && !c.can("reupload") {
		return fail("fileexists-forbidden", "A file with this name already exists, and cannot be overwritten.")
	}
	if warnings["nochange"] != nil {
		return fail("fileexists-no-change", "The upload is an exact duplicate of the current version of [[:%s]].", c.w.name(t))
	}
	text := a.str("comment")
	if a.has("text") {
		text = a.str("text")
	}
	text = c.w.presave(text, t, c.userName())
	if err := c.w.mayDescribe(c, t, text, a.str("comment")); err != nil {
		return err
	}
	v := c.w.upload(uploading{by: c.w.authorOf(c.userName()), title: t, data: data, comment: a.str("comment"), text: text, rights: c.rights})
	c.uploadDone(t, v, warnings)
	return nil
}

func (c *call) uploadTitle(a args) (title, error) {
	if a.str("filename") == "" {
		return title{}, missingParam("filename")
	}
	t, err := c.w.parseTitle(a.str("filename"), nsFile)
	if err != nil || t.ns != nsFile {
		return t, fail("illegal-filename", "The filename is not allowed.")
	}
	ext := strings.ToLower(t.key[strings.LastIndex(t.key, ".")+1:])
	if types := append([]string{"png", "gif", "jpg", "jpeg", "webp", "svg"}, c.w.opts.FileTypes...); !slices.Contains(types, ext) {
		return t, fail("filetype-banned", "\".%s\" is not a permitted file type. Permitted file types are %s.", ext, strings.Join(types, ", ")).
			with(M{"filetype": ext, "allowed": types})
	}
	return t, c.w.mayEdit(c.userName(), c.rights, t)
}

func (c *call) uploadDone(t title, v *fileVersion, warnings M) {
	info := M{"timestamp": isoTime(v.time), "user": v.user, "userid": v.userID, "size": len(v.data), "width": v.width, "height": v.height,
		"comment": v.comment, "canonicaltitle": c.w.name(t), "sha1": v.sha1, "mime": v.mime, "mediatype": v.media}
	c.addImageURLs(info, c.w.files[t.key], v, false)
	out := M{"result": "Success", "filename": t.key, "imageinfo": info}
	if len(warnings) > 0 {
		out["warnings"] = warnings
	}
	c.out["upload"] = out
}

// checkType refuses a picture whose name says that it is another kind of picture.
func checkType(t title, data []byte) error {
	ext := strings.ToLower(t.key[strings.LastIndex(t.key, ".")+1:])
	kinds := map[string]string{"jpg": "image/jpeg", "jpeg": "image/jpeg", "tif": "image/tiff", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "tiff": "image/tiff"}
	is := look(t.key, data)
	if is.media == "BITMAP" && kinds[ext] != "" && kinds[ext] != is.mime {
		return fail("verification-error", "File extension \".%s\" does not match the detected MIME type of the file (%s).", ext, is.mime)
	}
	return nil
}

// uploadWarnings are what MediaWiki says of an upload before it stores it
// (UploadBase::checkWarnings).
func (w *Wiki) uploadWarnings(t title, data []byte) M {
	warnings, sum := M{}, hexSHA1(data)
	if f := w.files[t.key]; f != nil {
		warnings["exists"] = t.key
		w.warnOfVersions(warnings, f, sum)
	} else if len(w.archive[t]) > 0 {
		warnings["was-deleted"] = t.key
	}
	if same := slices.DeleteFunc(w.sameBytes(sum), func(name string) bool { return name == t.key }); len(same) > 0 {
		warnings["duplicate"] = same
	}
	for _, f := range w.filearchive {
		if f.sha1 == sum && f.hidden&HiddenText == 0 {
			warnings["duplicate-archive"] = f.name
		}
	}
	return warnings
}

func (w *Wiki) warnOfVersions(warnings M, f *file, sum string) {
	var same []any
	for _, v := range f.versions {
		switch {
		case v.sha1 != sum:
		case v == f.current():
			warnings["nochange"] = M{"timestamp": isoTime(v.time)}
		default:
			same = append(same, M{"timestamp": isoTime(v.time)})
		}
	}
	if same != nil {
		warnings["duplicateversions"] = same
	}
}

// mayDescribe asks the filters about a file's page and comment.
func (w *Wiki) mayDescribe(c *call, t title, text, comment string) error {
	if w.pageOf(t) != nil {
		return nil
	}
	if err := w.checkSpam(t, nil, text, comment); err != nil {
		return err
	}
	return w.askFilter(c, t, "", text)
}

// runFileRevert is action=filerevert: an overwrite like any other, with the
// bytes of an old version.
func runFileRevert(c *call, a args) error {
	t, err := c.w.parseTitle(a.str("filename"), nsFile)
	if err != nil || c.w.files[t.key] == nil {
		return fail("invalidtitle", `Bad title "%s".`, a.str("filename"))
	}
	if !c.can("reupload") {
		return c.need("reupload")
	}
	if err := c.w.mayEdit(c.userName(), c.rights, t); err != nil {
		return err
	}
	old := c.w.files[t.key].old(a.str("archivename"))
	if old == nil {
		return fail("filerevert-badversion", "There is no previous local version of this file with the provided timestamp.")
	}
	c.w.upload(uploading{by: c.w.authorOf(c.userName()), title: t, data: old.data, comment: a.str("comment"), rights: c.rights})
	c.out["filerevert"] = M{"result": "Success"}
	return nil
}

func (c *call) deleteOldImage(t title, name, reason string) error {
	f := c.w.files[t.key]
	if f == nil || f.old(name) == nil {
		return fail("nodeleteablefile", "⧼nodeleteablefile⧽") // MediaWiki lacks the message
	}
	entry := c.w.deleteOldVersion(c.w.authorOf(c.userName()), t, f.old(name), reason)
	c.out["delete"] = M{"title": c.w.name(t), "reason": reason, "logid": entry.id}
	return nil
}
