package literal

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/rule"
)

// thumb is the part of a path that names a scaled picture.
type thumb struct {
	name    string // of the file, decoded
	segment string // "22px-Foo.svg.png"
	at      int    // where the segment begins in the plain spelling
	known   bool   // "/thumb/" is before the hash folders
	local   bool   // beneath a folder of another wiki's own
}

// sized says what is wrong with the size of a thumbnail.
func sized(text string, a address) (rule.Hit, bool) {
	t, ok := thumbOf(a)
	if !ok {
		return rule.Hit{}, false
	}
	hit, ok := offStep(text, a, t)
	if !ok {
		hit, ok = malformed(text, a, t)
	}
	if t.local && ok {
		hit.Severity = rule.Info
	}
	return hit, ok
}

// thumbOf finds the hash folders in a path and what follows them.
func thumbOf(a address) (thumb, bool) {
	segments := strings.Split(a.path(), "/")
	at := a.from
	for i, s := range segments {
		if i+3 < len(segments) && isHash(s, segments[i+1]) && segments[i+2] != "" && segments[i+3] != "" {
			t := thumb{name: decode(segments[i+2]), segment: segments[i+3]}
			t.at = at + len(s) + len(segments[i+1]) + len(segments[i+2]) + 3
			before := segments[:i]
			if n := len(before); n > 0 && before[n-1] == "archive" {
				before = before[:n-1]
				_, t.name, _ = strings.Cut(t.name, "!")
			}
			n := len(before)
			t.known = n > 0 && before[n-1] == "thumb"
			t.local = a.host == nobody && n > 1 && before[n-2] == "images"
			return t, true
		}
		at += len(s) + 1
	}
	return thumb{}, false
}

// isHash says whether two segments are the folders that MediaWiki makes of a
// name's MD5: https://www.mediawiki.org/wiki/Manual:$wgHashedUploadDirectory
func isHash(a, b string) bool {
	return len(a) == 1 && len(b) == 2 && a[0] == b[0] && hex(b[0]) && hex(b[1])
}

func hex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// sizeForm is a size segment as MediaWiki writes it.
var sizeForm = regexp.MustCompile(`^(?:qlow-)?(?:lossy-|lossless-)?(?:page\d+-)?(?:lang[0-9a-z-]+?-)?(\d{1,6})px-(.*)$`)

// offStep is TS001: a width that no wiki of Wikimedia's makes.
func offStep(text string, a address, t thumb) (rule.Hit, bool) {
	m := sizeForm.FindStringSubmatchIndex(t.segment)
	if m == nil {
		return rule.Hit{}, false
	}
	digits, rest := t.segment[m[2]:m[3]], t.segment[m[4]:m[5]]
	if !t.known && a.host != ours && !t.repeats(strings.TrimPrefix(rest, "-")) {
		return rule.Hit{}, false
	}
	width, _ := strconv.Atoi(digits)
	if mediaurl.IsStep(width) || ownWidth(t.name, width) {
		return rule.Hit{}, false
	}
	step := strconv.Itoa(nextStep(width))
	hit := a.hit(text, "TS001", digits, step)
	hit.Fix = a.with(text, t.at+m[2], t.at+m[3], step)
	return hit, true
}

// repeats says whether what follows the width is the name of the file, which
// must look like one.
func (t thumb) repeats(rest string) bool {
	return strings.Contains(t.name, ".") && strings.HasPrefix(decode(rest), t.name)
}

// sizeSlip is a size as people mistype it: "20x-", "20px_", "20-", "px20-",
// "20px", "px-".
var sizeSlip = regexp.MustCompile(`^(?:[A-Za-z]{0,2}(\d{1,5})[A-Za-z]{0,3}|px)[-_ ]{0,2}$`)

// malformed is TS006: a size that the server cannot read.
func malformed(text string, a address, t thumb) (rule.Hit, bool) {
	n := t.slip()
	if n == 0 || sizeForm.MatchString(t.segment) {
		return rule.Hit{}, false
	}
	written := t.segment[:n]
	width, err := strconv.Atoi(sizeSlip.FindStringSubmatch(written)[1])
	if err != nil {
		return a.hit(text, "TS006", written, "250px-"), true
	}
	right := strconv.Itoa(nextStep(width)) + "px-"
	hit := a.hit(text, "TS006", written, right)
	hit.Fix = a.with(text, t.at, t.at+n, right)
	return hit, true
}

// slip is the length of a mistyped size before the file's name. Where the
// address ends with the size, because code appends the name, only what cannot
// be the beginning of a right one counts.
func (t thumb) slip() int {
	if t.known && slices.Contains([]string{"x-", "px_", "xp-"}, strings.ToLower(strings.TrimLeft(t.segment, "0123456789"))) &&
		sizeSlip.MatchString(t.segment) {
		return len(t.segment)
	}
	for n := 1; n < len(t.segment) && n <= 12; n++ {
		if sizeSlip.MatchString(t.segment[:n]) && t.repeats(t.segment[n:]) {
			return n
		}
	}
	return 0
}

// ownWidth says whether a width may be that of the original. A page of a
// document and a TIFF that is smaller than the standard width asked for is
// shown at its own width, which is any number; a small, a round or a screen's
// width was chosen by somebody.
func ownWidth(name string, width int) bool {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || !slices.Contains([]string{"pdf", "djvu", "djv", "tif", "tiff"}, strings.ToLower(name[i+1:])) {
		return false
	}
	return width >= 400 && width%10 != 0 && width%256 != 0
}

// nextStep is the standard width to use in place of another: the next larger
// one, or the largest.
func nextStep(width int) int {
	if step, ok := mediaurl.NextStep(width); ok {
		return step
	}
	return mediaurl.Steps[len(mediaurl.Steps)-1]
}

// decode reads a segment of a path as the name of a file.
func decode(segment string) string {
	if d, err := url.PathUnescape(segment); err == nil {
		segment = d
	}
	if d, err := url.PathUnescape(segment); err == nil {
		segment = d
	}
	return strings.ReplaceAll(segment, " ", "_")
}
