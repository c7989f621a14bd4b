package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// listFileArchive lists the versions of deleted files, by name and time. Anybody
// may ask by sum; descriptions and metadata are for who may see what is deleted.
func listFileArchive(c *call, a args) ([]row, error) {
	if err := c.mayAskArchive(a); err != nil {
		return nil, err
	}
	files := slices.Clone(c.w.filearchive)
	down := a.str("dir") == "descending"
	slices.SortFunc(files, func(x, y *archivedFile) int {
		d := cmp.Or(cmp.Compare(x.name, y.name), x.time.Compare(y.time), cmp.Compare(x.id, y.id))
		if down {
			return -d
		}
		return d
	})
	var rows []row
	for _, f := range files {
		if c.archivedWanted(a, f, down) {
			rows = append(rows, row{title: title{nsFile, f.name}, out: c.archivedObject(f, a), at: f.name + "|" + mwTime(f.time) + "|" + idText(f.id)})
		}
	}
	if at := a.str("continue"); at != "" {
		i := slices.IndexFunc(rows, func(r row) bool { return r.at == at })
		if i < 0 {
			return nil, badContinue()
		}
		rows = rows[i:]
	}
	return rows, nil
}

func (c *call) mayAskArchive(a args) error {
	switch {
	case (a.in("prop", "description") || a.in("prop", "parseddescription")) && !c.can("deletedhistory"):
		return fail("permissiondenied", "You don't have permission to view descriptions of deleted files.")
	case a.in("prop", "metadata") && !c.can("deletedtext") && !c.can("undelete"):
		return fail("permissiondenied", "You don't have permission to view metadata of deleted files.")
	case a.has("sha1") && !isSHA1(a.str("sha1")):
		return badSHA1()
	}
	return nil
}

func (c *call) archivedWanted(a args, f *archivedFile, down bool) bool {
	key := func(s string) string { return upperFirst(strings.ReplaceAll(s, " ", "_")) }
	from, to := key(a.str("from")), key(a.str("to"))
	if down {
		from, to = to, from
	}
	bySum := a.has("sha1") || a.has("sha1base36")
	switch {
	case from != "" && f.name < from, to != "" && f.name > to, a.has("prefix") && !strings.HasPrefix(f.name, key(a.str("prefix"))),
		a.has("sha1") && f.sha1 != strings.ToLower(a.str("sha1")), a.has("sha1base36") && base36SHA1(f.data) != a.str("sha1base36"),
		bySum && !c.maySee(f.hidden, HiddenText):
		return false
	}
	return true
}

// archivedObject describes a row. Numbers are strings, as the database driver
// hands them on.
func (c *call) archivedObject(f *archivedFile, a args) M {
	out := M{"id": f.id, "name": f.name, "ns": nsFile, "title": c.w.name(title{nsFile, f.name})}
	for part, key := range map[Parts]string{HiddenText: "filehidden", HiddenComment: "commenthidden", HiddenUser: "userhidden", Suppressed: "suppressed"} {
		if f.hidden&part != 0 {
			out[key] = true
		}
	}
	for _, prop := range a.list("prop") {
		if prop == "archivename" || c.maySee(f.hidden, ofArchivedPart(prop)) {
			archivedProp(out, f, prop)
		}
	}
	return out
}

// ofArchivedPart differs from ofPart: a hidden file has no size here either.
func ofArchivedPart(prop string) Parts {
	switch prop {
	case "size", "dimensions":
		return HiddenText
	case "description", "parseddescription":
		return HiddenComment
	}
	return ofPart(prop)
}

func archivedProp(out M, f *archivedFile, prop string) {
	switch prop {
	case "sha1":
		out["sha1"] = f.sha1
	case "timestamp":
		out["timestamp"] = isoTime(f.time)
	case "user":
		out["user"], out["userid"] = f.user, f.userID
	case "size", "dimensions":
		out["size"], out["width"], out["height"] = strconv.Itoa(len(f.data)), strconv.Itoa(f.width), strconv.Itoa(f.height)
	case "description", "parseddescription":
		out["description"] = f.comment
	case "mime":
		out["mime"] = f.mime
	case "mediatype":
		out["mediatype"] = f.media
	case "bitdepth":
		out["bitdepth"] = strconv.Itoa(f.bits)
	case "metadata":
		out["metadata"] = f.metadata()
	case "archivename":
		if f.archived != "" {
			out["archivename"] = f.archiveName(f.name)
		}
	}
}
