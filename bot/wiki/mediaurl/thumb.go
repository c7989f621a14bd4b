package mediaurl

import (
	"regexp"
	"strconv"
	"strings"
)

// thumbSize is how the name of a thumbnail starts. Wikimedia's CDN knows the
// same parts; after the width, what is written there by mistake is let pass.
var thumbSize = regexp.MustCompile(`^(qlow-)?(lossy-|lossless-)?(?:page(\d+)-)?(?:lang([0-9A-Za-z-]+?)-)?(\d{1,6})(px--?|px_|px|p-|x-|-)(.*)$`)

// seekTo is the place in a film that a thumbnail shows.
var seekTo = regexp.MustCompile(`^(?i:seek(?:=|%3d))([0-9.:]+)-(.*)$`)

// ending is what may follow the name: the type that the picture was made in.
var ending = regexp.MustCompile(`^\.[A-Za-z0-9]+$`)

// ThumbName reads the last segment of a thumbnail's path, decoded
// ("lossy-page1-250px-Map.tif.jpg"), of the file with that name. damage is
// empty or says what is wrong and was understood all the same.
func ThumbName(segment, file string) (t Thumbnail, damage []string, ok bool) {
	u := URL{Name: underscored(file)}
	t, ok = u.thumbName(segment)
	return t, u.Damage, ok
}

func (u *URL) thumbName(segment string) (t Thumbnail, ok bool) {
	found := thumbSize.FindStringSubmatch(underscored(segment))
	if found == nil {
		return t, false
	}
	t.Width, _ = strconv.Atoi(found[5])
	t.Quality = strings.TrimSuffix(found[1]+found[2], "-")
	t.Page, _ = strconv.Atoi(found[3])
	t.Lang = found[4]
	rest := found[7]
	if seek := seekTo.FindStringSubmatch(rest); seek != nil && !strings.HasPrefix(rest, u.Name) {
		t.Seek, rest = seek[1], seek[2]
	} else if found[6] == "px--" {
		t.DoubleDash = !strings.HasPrefix("-"+rest, u.Name)
		if !t.DoubleDash {
			rest = "-" + rest
		}
	}
	known := u.tail(&t, rest)
	if dash := found[6]; dash != "px-" && dash != "px--" {
		if !known && !strings.HasPrefix(dash, "px") {
			return t, false
		}
		u.damaged("the size is written %q instead of %q", found[5]+dash, found[5]+"px-")
	}
	return t, t.Width > 0
}

// tail reads what follows the size: the file's name or what stands for a long
// one, and a suffix. known is false where it is another name, which is damage.
func (u *URL) tail(t *Thumbnail, rest string) (known bool) {
	short := "thumbnail" + extensionOf(u.Name)
	for _, name := range []string{u.Name, u.Archived + "!" + u.Name} {
		if suffix, ok := strings.CutPrefix(rest, name); ok {
			return u.suffix(t, suffix)
		}
	}
	if suffix, ok := strings.CutPrefix(rest, short); ok {
		t.Short = true
		return u.suffix(t, suffix)
	}
	u.damaged("the thumbnail's name is not that of the file: %q", rest)
	if end := extensionOf(rest); !strings.EqualFold(end, extensionOf(u.Name)) && ending.MatchString(end) {
		t.Suffix = end
	}
	return false
}

// suffix accepts one more extension; other text is damage.
func (u *URL) suffix(t *Thumbnail, suffix string) bool {
	if suffix == "" || ending.MatchString(suffix) {
		t.Suffix = suffix
		return true
	}
	u.damaged("text is stuck to the thumbnail's name: %q", suffix)
	return true
}

// extensionOf a name, with its dot; empty where it has none.
func extensionOf(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}

// segment is the last one of the thumbnail's path, decoded.
func (t Thumbnail) segment(name string) string {
	var b strings.Builder
	if t.Quality != "" {
		b.WriteString(t.Quality + "-")
	}
	if t.Page > 0 {
		b.WriteString("page" + strconv.Itoa(t.Page) + "-")
	}
	if t.Lang != "" {
		b.WriteString("lang" + t.Lang + "-")
	}
	b.WriteString(strconv.Itoa(t.Width) + "px-")
	switch {
	case t.Seek != "":
		b.WriteString("seek=" + t.Seek + "-")
	case t.DoubleDash:
		b.WriteString("-")
	}
	if t.Short {
		name = "thumbnail" + extensionOf(name)
	}
	return b.String() + name + t.Suffix
}
