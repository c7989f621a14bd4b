package flow

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
)

// Variant of a sample address.
type Variant int8

// Variants, in the order in which they stand in a Vec.
const (
	Plain  Variant = iota // without parameters, on upload.wikimedia.org
	Marked                // with provenance parameters, on upload.wikimedia.org
	Moved                 // with parameters, a thumbnail on thumb.wikimedia.org
	variants
)

// Form of an address: an original, a thumbnail, or whichever.
type Form int8

// Forms.
const (
	AnyForm Form = iota
	Original
	Thumb
)

// Sample is a file whose addresses a script is run on.
type Sample struct {
	Ext      string // "svg"
	Name     string // "Example_2.svg"
	Project  string // "commons"
	Rendered string // what follows the name in a thumbnail: ".png"
	Prefix   string // what stands before the name in a thumbnail: "250px-"
}

// slots of a sample in a Vec: where the form is open, the first is an
// original and the second a thumbnail.
const slots = 2

// Samples are the files that a script is run on: a few of every script, and
// those of the types that this one names.
type Samples []Sample

// types of file, with what MediaWiki appends to and puts before the names of
// their thumbnails. The first four are always among the samples.
var types = []Sample{
	{Ext: "jpg"}, {Ext: "png"}, {Ext: "svg", Rendered: ".png"}, {Ext: "pdf", Rendered: ".jpg", Prefix: "page1-250px-"},
	{Ext: "gif"}, {Ext: "jpeg"}, {Ext: "JPG"}, {Ext: "webp"}, {Ext: "xcf", Rendered: ".png"},
	{Ext: "tif", Rendered: ".jpg", Prefix: "lossy-page1-250px-"}, {Ext: "tiff", Rendered: ".jpg", Prefix: "lossy-page1-250px-"},
	{Ext: "djvu", Rendered: ".jpg", Prefix: "page1-250px-"}, {Ext: "stl", Rendered: ".png"},
	{Ext: "webm", Rendered: ".jpg", Prefix: "250px--"}, {Ext: "ogv", Rendered: ".jpg", Prefix: "250px--"},
	{Ext: "ogg", Rendered: ".jpg", Prefix: "250px--"}, {Ext: "mp4", Rendered: ".jpg", Prefix: "250px--"},
	{Ext: "oga"}, {Ext: "mp3"}, {Ext: "wav"}, {Ext: "flac"}, {Ext: "opus"}, {Ext: "mid"},
}

// always is how many of types are samples of every script.
const always = 4

// samplesFor picks the samples for a script.
func samplesFor(source string) Samples {
	var picked Samples
	said := typesIn(source)
	for i, t := range types {
		if i < always || said&(1<<i) != 0 {
			picked = append(picked, t.named("commons"))
		}
	}
	return append(append(picked, Sample{Ext: "jpg"}.named("en")), namesIn(source)...)
}

// typeTable finds the types that a script names, by two bytes in the middle of
// them: those are rarer than their beginnings. A set bit is a type.
var typeTable = newTypeTable()

func newTypeTable() *[1 << 16]uint32 {
	t := new([1 << 16]uint32)
	for i, one := range types {
		t[uint16(one.Ext[1])<<8|uint16(one.Ext[2])] |= 1 << i
	}
	return t
}

// typesIn are the types that a script names, as bits.
func typesIn(source string) (said uint32) {
	for i := 2; i < len(source); i++ {
		for found := typeTable[uint16(source[i-1])<<8|uint16(source[i])] &^ said; found != 0; found &= found - 1 {
			t := bits.TrailingZeros32(found)
			if strings.HasPrefix(source[i-2:], types[t].Ext) {
				said |= 1 << t
			}
		}
	}
	return said
}

// aName is the name of a file in a script, maybe within a regular expression,
// with the size before it in the address of a thumbnail.
var aName = regexp.MustCompile(`((?:\d+px-)?)([A-Z][\w%-]{2,40})\\?\.(jpe?g|png|gif|svg|pdf|webp|webm|og[gv])\b`)

// endings are how the names that aName finds may end.
var endings = []string{".jpg", ".jpeg", ".png", ".gif", ".svg", ".pdf", ".webp", ".webm", ".ogg", ".ogv"}

// Names of files are looked for around their endings only, as the pattern
// costs much more than parsing.
const (
	maxNames   = 4   // names that are samples
	maxEndings = 200 // places that are looked at
	aroundName = 52  // bytes before the ending: a size and a name
)

// namesIn are samples of the files that a script names.
func namesIn(source string) []Sample {
	var found []Sample
	seen, tried := map[string]bool{}, 0
	for i := 0; len(found) < maxNames && tried < maxEndings; i++ {
		next := strings.IndexByte(source[i:], '.')
		if next < 0 {
			break
		}
		i += next
		if i+1 < len(source) && strings.IndexByte("jpgswo", source[i+1]) < 0 {
			continue // most dots are of properties
		}
		if !slices.ContainsFunc(endings, func(e string) bool { return strings.HasPrefix(source[i:], e) }) {
			continue
		}
		tried++
		m := aName.FindStringSubmatch(source[max(0, i-aroundName):min(len(source), i+6)])
		if m == nil || seen[m[2]+m[3]] {
			continue
		}
		seen[m[2]+m[3]] = true
		found = append(found, sampleOf(m[1], m[2]+"."+m[3], m[3]))
	}
	return found
}

// sampleOf a file that a script names.
func sampleOf(prefix, name, ext string) Sample {
	s := Sample{Ext: ext, Name: name, Project: "commons", Prefix: prefix}
	if s.Prefix == "" {
		s.Prefix = "250px-"
	}
	if ext == "svg" {
		s.Rendered = ".png"
	}
	return s
}

func (s Sample) named(project string) Sample {
	s.Project, s.Name = project, "Example_2."+s.Ext
	if s.Prefix == "" {
		s.Prefix = "250px-"
	}
	return s
}

// hashed is the folder of the samples; that it is not the name's own does not matter.
const hashed = "/a/a9/"

// address of a sample.
func (s Sample) address(scheme string, form Form, campaign string, v Variant) string {
	host, content := "//upload.wikimedia.org", "original"
	path := "/wikipedia/" + s.Project + hashed + s.Name
	if form == Thumb {
		content = "thumbnail"
		path = "/wikipedia/" + s.Project + "/thumb" + hashed + s.Name + "/" + s.ThumbName()
		if v == Moved {
			host = "//thumb.wikimedia.org"
		}
	}
	if v == Plain {
		return scheme + host + path
	}
	return scheme + host + path + "?utm_source=en.wikipedia.org&utm_campaign=" + campaign + "&utm_content=" + content
}

// written is the scheme of an address as an attribute has it: most often none.
const written = "written"

// schemeOf is the scheme of the sample's address. As an attribute, that of the
// last sample has one, and all others have none.
func (s Sample) schemeOf(scheme string) string {
	switch {
	case scheme != written:
		return scheme
	case s.Project == "en":
		return "https:"
	}
	return ""
}

// ThumbName is the last segment of the address of a thumbnail.
func (s Sample) ThumbName() string { return s.Prefix + s.Name + s.Rendered }

// len is the number of values in a Vec over the samples.
func (s Samples) len() int { return len(s) * slots * int(variants) }

// each calls f for every place in a Vec.
func (s Samples) each(f func(i int, sample Sample, slot int, v Variant)) {
	i := 0
	for _, sample := range s {
		for slot := range slots {
			for v := range variants {
				f(i, sample, slot, v)
				i++
			}
		}
	}
}
