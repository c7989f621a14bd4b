package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

// mostThumbs is how many thumbnails one request makes, whatever the caller's
// limits (ApiQueryImageInfo::TRANSFORM_LIMIT).
const mostThumbs = 50

// imageInfo is one request for prop=imageinfo.
type imageInfo struct {
	c      *call
	a      args
	set    *pageSet
	alone  bool // one title: old versions can be continued, by iistart
	thumbs int
	budget int
}

// propImageInfo gives each file its versions, newest first; the files come by title.
func propImageInfo(c *call, a args, set *pageSet) error {
	from, since, ok := strings.Cut(a.str("continue"), "|")
	if a.str("continue") != "" && !ok {
		return badContinue()
	}
	var files []entry
	for _, e := range set.entries() {
		if e.title.ns == nsFile {
			files = append(files, e)
		}
	}
	slices.SortFunc(files, func(x, y entry) int { return cmp.Compare(x.title.key, y.title.key) })
	run := &imageInfo{c: c, a: a, set: set, alone: len(files) == 1, budget: 5000}
	for _, e := range files {
		start := ""
		if e.title.key == from {
			start = since
		}
		if e.title.key >= from && !run.add(e, start) {
			return nil
		}
	}
	return nil
}

// add adds one file's versions from a time on, and says whether there is room
// for the next file.
func (i *imageInfo) add(e entry, since string) bool {
	out := i.set.object(e.id)
	f, shared := i.c.w.findFile(e.title.key)
	if i.a.in("prop", "badfile") {
		out["badfile"] = false
	}
	if f == nil {
		out["imagerepository"] = ""
		return true
	}
	if i.thumbs >= mostThumbs {
		return i.stop(f, f.current())
	}
	out["imagerepository"] = "local"
	if shared {
		out["imagerepository"] = "shared"
	}
	list := []any{}
	defer func() { out["imageinfo"] = list }()
	versions := slices.Clone(f.versions)
	slices.Reverse(versions)
	for _, v := range versions {
		switch {
		case since != "" && mwTime(v.time) > since || !inTime(i.a, v.time, true):
			continue
		case len(list) == i.a.num("limit"):
			if i.alone {
				i.stop(f, v)
			}
			return true
		case i.budget == 0 || len(list) > 0 && i.thumbs >= mostThumbs:
			return i.stop(f, v)
		}
		i.budget--
		if i.c.wantsThumb(i.a) {
			i.thumbs++
		}
		list = append(list, i.c.imageObject(f, v, shared, i.a))
	}
	return true
}

// stop notes where the next request goes on.
func (i *imageInfo) stop(f *file, v *fileVersion) bool {
	if i.alone {
		i.c.cont.add("imageinfo", "iistart", isoTime(v.time))
	} else {
		i.c.cont.add("imageinfo", "iicontinue", f.name+"|"+mwTime(v.time))
	}
	return false
}

func (c *call) wantsThumb(a args) bool {
	return a.in("prop", "url") && (a.num("urlwidth") > 0 || a.num("urlheight") > 0)
}

// imageObject describes a version. A hidden one keeps its time and size.
func (c *call) imageObject(f *file, v *fileVersion, shared bool, a args) M {
	out := M{}
	for part, key := range map[Parts]string{HiddenText: "filehidden", HiddenComment: "commenthidden", HiddenUser: "userhidden"} {
		if v.hidden&part != 0 && slices.ContainsFunc(a.list("prop"), func(prop string) bool { return ofPart(prop) == part }) {
			out[key] = true
		}
	}
	if v.hidden&Suppressed != 0 {
		out["suppressed"] = true
	}
	for _, prop := range a.list("prop") {
		if c.maySee(v.hidden, ofPart(prop)) {
			c.imageProp(out, f, v, shared, prop, a)
		}
	}
	if c.wantsThumb(a) && c.maySee(v.hidden, HiddenText) {
		c.addThumb(out, f, v, shared, a)
	}
	return out
}

// ofPart is the part of a version that a property tells, 0 for what is never hidden.
func ofPart(prop string) Parts {
	switch prop {
	case "user", "userid":
		return HiddenUser
	case "comment", "parsedcomment":
		return HiddenComment
	case "sha1", "mime", "mediatype", "url", "metadata", "commonmetadata", "extmetadata", "archivename", "bitdepth", "thumbmime":
		return HiddenText
	}
	return 0
}

func (c *call) imageProp(out M, f *file, v *fileVersion, shared bool, prop string, a args) {
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
		out["mediatype"] = v.media
	case "bitdepth":
		out["bitdepth"] = v.bits
	case "canonicaltitle":
		out["canonicaltitle"] = c.w.name(title{nsFile, f.name})
	case "archivename":
		if v.archived != "" {
			out["archivename"] = v.archiveName(f.name)
		}
	case "url":
		c.addImageURLs(out, f, v, shared)
	case "metadata":
		out["metadata"] = v.metadata()
	case "commonmetadata":
		out["commonmetadata"] = v.commonMetadata()
	case "extmetadata":
		out["extmetadata"] = extMetadata(f, v, a)
	}
}

// extMetadata is what MediaWiki itself adds; CommonsMetadata would read the
// page's templates.
func extMetadata(f *file, v *fileVersion, a args) M {
	name := title{nsFile, f.name}.text()
	if dot := strings.LastIndex(name, "."); dot > 0 {
		name = name[:dot]
	}
	all := M{"DateTime": M{"value": isoTime(v.time), "source": "mediawiki-metadata", "hidden": ""},
		"ObjectName": M{"value": name, "source": "mediawiki-metadata"}}
	for key := range all {
		if a.has("extmetadatafilter") && !a.in("extmetadatafilter", key) {
			delete(all, key)
		}
	}
	return all
}

// home is the wiki that a file is on.
func (c *call) home(shared bool) *Wiki {
	if shared {
		return c.w.farm.Repo
	}
	return c.w
}

func (c *call) addImageURLs(out M, f *file, v *fileVersion, shared bool) {
	home, t := c.home(shared), title{nsFile, f.name}
	out["url"] = home.opts.Server + fileURL(f, v)
	out["descriptionurl"] = home.opts.Server + home.path(t)
	if p := home.pageOf(t); p != nil {
		out["descriptionshorturl"] = home.opts.Server + "/index.php?curid=" + idText(p.id)
	}
}

// addThumb adds the thumbnail asked for, and those for screens with more pixels.
func (c *call) addThumb(out M, f *file, v *fileVersion, shared bool, a args) {
	home, width, height := c.home(shared), a.num("urlwidth"), max(0, a.num("urlheight"))
	if width <= 0 {
		width = v.width
	}
	t := home.thumbOf(f, v, width, height)
	out["thumburl"], out["thumbwidth"], out["thumbheight"] = home.opts.Server+t.url, t.width, t.height
	if t.icon {
		return
	}
	if a.in("prop", "thumbmime") {
		out["thumbmime"] = t.mime
	}
	larger := M{}
	for factor, width := range map[string]int{"1.5": t.width + t.width/2, "2": t.width * 2} {
		if l := home.thumbOf(f, v, width, 0); l.url != t.url {
			larger[factor] = home.opts.Server + l.url
		}
	}
	if len(larger) > 0 {
		out["responsiveUrls"] = larger
	}
}
