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
		{kind: "list", module: sub("filearchive", "fa", "from\nto\nprefix\ndir {ascending descending} = ascending\nsha1\nsha1base36\nprop* {sha1 timestamp user size dimensions description parseddescription mime mediatype metadata bitdepth archivename} = timestamp\nlimit limit\ncontinue"), list: listFileArchive},
	}
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
	if a.has("sha1") && !isSHA1(a.str("sha1")) {
		return nil, badSHA1()
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
		if !c.w.imageWanted(a, f, byTime, down) {
			continue
		}
		at := name
		if byTime {
			at = mwTime(f.current().time) + "|" + name
		}
		t := title{nsFile, name}
		out := M{"name": name}
		for k, v := range c.imageObject(f, f.current(), false, a) {
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
		if a.has("user") && a.has("filterbots") && a.str("filterbots") != "all" {
			return fail("invalidparammix-cannotusewith", `The "aiuser" parameter cannot be used with "aifilterbots".`)
		}
		return nil
	}
	for _, name := range []string{"start", "end", "user", "filterbots"} {
		if a.has(name) && a.str(name) != "all" {
			return fail("invalidparammix", `The "ai%s" parameter may only be used with "aisort=timestamp".`, name)
		}
	}
	return nil
}

func (w *Wiki) imageWanted(a args, f *file, byTime, down bool) bool {
	v, name := f.current(), f.name
	key := func(s string) string { return upperFirst(strings.ReplaceAll(s, " ", "_")) }
	switch {
	case byTime && !inTime(a, v.time, down), a.has("user") && v.user != a.str("user"),
		a.has("prefix") && !strings.HasPrefix(name, key(a.str("prefix"))),
		a.has("from") && name < key(a.str("from")), a.has("to") && name > key(a.str("to")),
		a.has("sha1") && v.sha1 != strings.ToLower(a.str("sha1")),
		a.has("sha1base36") && base36SHA1(v.data) != a.str("sha1base36"),
		a.has("mime") && !a.in("mime", v.mime),
		a.str("filterbots") == "nobots" && w.isBot(v.user), a.str("filterbots") == "bots" && !w.isBot(v.user),
		a.has("minsize") && len(v.data) < a.num("minsize"), a.has("maxsize") && len(v.data) > a.num("maxsize"):
		return false
	}
	return true
}

func (w *Wiki) isBot(user string) bool {
	a := w.accounts[user]
	return a != nil && slices.Contains(a.groups, "bot")
}

func isSHA1(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 40
}

func badSHA1() error { return fail("invalidsha1hash", "The SHA1 hash provided is not valid.") }

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
