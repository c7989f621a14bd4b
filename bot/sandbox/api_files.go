package sandbox

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

const imageProps = "{timestamp user userid comment parsedcomment canonicaltitle url size dimensions sha1 mime thumbmime mediatype metadata commonmetadata extmetadata archivename bitdepth uploadwarning badfile}"

func fileModules() []*queryModule {
	return []*queryModule{
		{kind: "prop", module: sub("imageinfo", "ii", "prop* "+imageProps+" = timestamp|user\nlimit limit = 1\nstart time\nend time\nurlwidth int = -1\nurlheight int = -1\nmetadataversion\nextmetadatalanguage\nextmetadatamultilang flag\nextmetadatafilter*\nurlparam\nbadfilecontexttitle\ncontinue\nlocalonly flag"), whole: propImageInfo},
		{kind: "prop", generator: true, module: sub("duplicatefiles", "df", "limit limit\ncontinue\ndir {ascending descending} = ascending\nlocalonly flag"), prop: propDuplicates},
		{kind: "list", generator: true, module: sub("allimages", "ai", "sort {name timestamp} = name\ndir {ascending descending newer older} = ascending\nfrom\nto\ncontinue\nstart time\nend time\nprop* "+imageProps+" = timestamp|url\nprefix\nminsize int\nmaxsize int\nsha1\nsha1base36\nuser user\nfilterbots {all bots nobots} = all\nmime*\nlimit limit"),
			list: listAllImages, noRedirect: `Use "gaifilterredir=nonredirects" instead of "redirects" when using "allimages" as a generator.`},
	}
}

// propImageInfo gives each file its versions, newest first.
func propImageInfo(c *call, a args, set *pageSet) error {
	from, since := int64(0), ""
	if at := a.str("continue"); at != "" {
		name, when, ok := strings.Cut(at, "|")
		if !ok {
			return badContinue()
		}
		for _, e := range set.entries() {
			if e.title.key == name {
				from = e.id
			}
		}
		since = when
	}
	started, budget := since == "", 5000
	for _, e := range set.entries() {
		if e.title.ns != nsFile {
			continue
		}
		started = started || e.id == from
		if !started {
			continue
		}
		if c.addImageInfo(a, set.object(e.id), e, since, &budget) {
			return nil
		}
		since = ""
	}
	return nil
}

// addImageInfo adds one file's versions and says whether the answer is full.
func (c *call) addImageInfo(a args, out M, e entry, since string, budget *int) bool {
	f, shared := c.w.findFile(e.title.key)
	if f == nil {
		out["imagerepository"] = ""
		return false
	}
	out["imagerepository"] = "local"
	if shared {
		out["imagerepository"] = "shared"
	}
	versions := slices.Clone(f.versions)
	slices.Reverse(versions)
	list := []any{}
	for i, v := range versions {
		if since != "" && mwTime(v.time) > since || !inTime(a, v.time, true) {
			continue
		}
		if len(list) == a.num("limit") || *budget == 0 {
			if a.num("limit") > 1 || *budget == 0 {
				c.cont.add("imageinfo", "iicontinue", e.title.key+"|"+mwTime(v.time))
				out["imageinfo"] = list
				return true
			}
			break
		}
		*budget--
		list = append(list, c.imageObject(f, v, i > 0, shared, a))
	}
	out["imageinfo"] = list
	return false
}

func (c *call) imageObject(f *file, v *fileVersion, old, shared bool, a args) M {
	out := M{}
	for _, prop := range a.list("prop") {
		c.imageProp(out, f, v, old, shared, prop)
	}
	if n := a.num("urlwidth"); n > 0 && a.in("prop", "url") && v.width > 0 {
		width := min(n, v.width)
		out["thumburl"], out["thumbwidth"], out["thumbheight"] = out["url"], width, v.height*width/v.width
	}
	return out
}

func (c *call) imageProp(out M, f *file, v *fileVersion, old, shared bool, prop string) {
	switch prop {
	case "timestamp":
		out["timestamp"] = isoTime(v.time)
	case "user":
		out["user"] = v.user
	case "userid":
		out["userid"] = v.userID
	case "comment":
		out["comment"] = v.comment
	case "size", "dimensions":
		out["size"], out["width"], out["height"] = len(v.data), v.width, v.height
	case "sha1":
		out["sha1"] = v.sha1
	case "mime":
		out["mime"] = v.mime
	case "mediatype":
		out["mediatype"] = "BITMAP"
	case "canonicaltitle":
		out["canonicaltitle"] = c.w.name(title{nsFile, f.name})
	case "archivename":
		if old {
			out["archivename"] = mwTime(v.time) + "!" + f.name
		}
	case "url":
		c.addImageURLs(out, f, v, old, shared)
	}
}

func (c *call) addImageURLs(out M, f *file, v *fileVersion, old, shared bool) {
	home := c.w
	if shared {
		home = c.w.farm.Repo
	}
	t := title{nsFile, f.name}
	out["url"] = home.opts.Server + fileURL(f, v, old)
	out["descriptionurl"] = home.opts.Server + home.path(t)
	if p := home.pageOf(t); p != nil {
		out["descriptionshorturl"] = home.opts.Server + "/index.php?curid=" + idText(p.id)
	}
}

// fileURL is the path of a file's bytes, in the two-level hashed folders of
// MediaWiki.
func fileURL(f *file, v *fileVersion, old bool) string {
	h := hexMD5(f.name)
	if old {
		return "/images/archive/" + h[:1] + "/" + h[:2] + "/" + strings.ReplaceAll(wikiEncode(mwTime(v.time)+"!"+f.name), "!", "%21")
	}
	return "/images/" + h[:1] + "/" + h[:2] + "/" + wikiEncode(f.name)
}

func propDuplicates(c *call, a args, set *pageSet) ([]row, error) {
	var rows []row
	for _, e := range byTitle(set.entries()) {
		f := c.w.files[e.title.key]
		if e.title.ns != nsFile || f == nil {
			continue
		}
		for _, name := range c.w.fileNames() {
			other := c.w.files[name]
			if other != f && other.current().sha1 == f.current().sha1 {
				v := other.current()
				rows = append(rows, row{id: e.id, title: title{nsFile, name}, at: f.name + "|" + name,
					out: M{"name": name, "timestamp": isoTime(v.time), "user": v.user, "shared": false}})
			}
		}
	}
	return resume(rows, a)
}

func (w *Wiki) fileNames() []string {
	var names []string
	for name := range w.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// listAllImages lists files by name, or by the time of their current version.
func listAllImages(c *call, a args) ([]row, error) {
	byTime := a.str("sort") == "timestamp"
	if err := imagesMix(a, byTime); err != nil {
		return nil, err
	}
	names := c.w.fileNames()
	down := a.str("dir") == "descending" || a.str("dir") == "older"
	if byTime {
		slices.SortStableFunc(names, func(x, y string) int {
			return c.w.files[x].current().time.Compare(c.w.files[y].current().time)
		})
	}
	if down {
		slices.Reverse(names)
	}
	var rows []row
	for _, name := range names {
		f := c.w.files[name]
		if !imageWanted(a, f, byTime, down) {
			continue
		}
		at := name
		if byTime {
			at = mwTime(f.current().time) + "|" + name
		}
		t := title{nsFile, name}
		out := M{"name": name}
		for k, v := range c.imageObject(f, f.current(), false, false, a) {
			out[k] = v
		}
		out["ns"], out["title"] = nsFile, c.w.name(t)
		rows = append(rows, row{title: t, out: out, at: at})
	}
	return resumeExact(rows, a.str("continue"), down), nil
}

func imagesMix(a args, byTime bool) error {
	if byTime {
		for _, name := range []string{"prefix", "from", "to"} {
			if a.has(name) {
				return fail("invalidparammix", `The "ai%s" parameter may only be used with "aisort=name".`, name)
			}
		}
		return nil
	}
	for _, name := range []string{"start", "end", "user"} {
		if a.has(name) {
			return fail("invalidparammix", `The "ai%s" parameter may only be used with "aisort=timestamp".`, name)
		}
	}
	return nil
}

func imageWanted(a args, f *file, byTime, down bool) bool {
	v, name := f.current(), f.name
	key := func(s string) string { return upperFirst(strings.ReplaceAll(s, " ", "_")) }
	switch {
	case byTime && !inTime(a, v.time, down), a.has("user") && v.user != a.str("user"),
		a.has("prefix") && !strings.HasPrefix(name, key(a.str("prefix"))),
		a.has("from") && name < key(a.str("from")), a.has("to") && name > key(a.str("to")),
		a.has("sha1") && v.sha1 != strings.ToLower(a.str("sha1")),
		a.has("sha1base36") && base36SHA1(v.data) != a.str("sha1base36"),
		a.has("minsize") && len(v.data) < a.num("minsize"), a.has("maxsize") && len(v.data) > a.num("maxsize"):
		return false
	}
	return true
}

// resumeExact continues in rows sorted by their continue value.
func resumeExact(rows []row, at string, down bool) []row {
	if at == "" {
		return rows
	}
	for i, r := range rows {
		if r.at == at || !down && r.at > at || down && r.at < at {
			return rows[i:]
		}
	}
	return nil
}

func hexOf(s string) string { return hex.EncodeToString([]byte(s)) }

func stamp(t time.Time, id int64) string { return mwTime(t) + "|" + strconv.FormatInt(id, 10) }
