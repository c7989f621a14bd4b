package mediaurl

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	folder1   = regexp.MustCompile(`^[0-9a-f]$`)
	oldName   = regexp.MustCompile(`^(\d{14})!(.+)$`)
	extension = regexp.MustCompile(`[^.]\.[A-Za-z0-9]+$`)
)

// file understands the path of a file itself. It looks from the end, because
// what stands before differs from wiki to wiki.
func (u *URL) file(segments []string) error {
	p := pathEnd{segments}
	zone, above := p.zones(2)
	switch {
	case zone == "thumb" && above == "thumb_handler.php":
		return u.thumbPath(p, ThumbHandler, 2)
	case zone == "thumb_handler.php":
		return u.thumbPath(p, ThumbHandler, 1)
	case zone == "archive" && above == "thumb_handler.php":
		return u.oldThumbPath(p, ThumbHandler)
	case zone == "archive" && above == "thumb":
		return u.oldThumbPath(p, ArchiveThumb)
	case zone == "thumb":
		return u.thumbPath(p, Thumb, 1)
	case zone == "transcoded":
		return u.transcodedPath(p)
	}
	switch zone, _ = p.zones(1); zone {
	case "archive":
		return u.oldPath(p)
	case "thumb":
		return u.cutThumbPath(p)
	}
	return u.originalPath(p)
}

// pathEnd is a path that is looked at from its end.
type pathEnd struct{ segments []string }

// at is the segment that many before the last; empty where there is none.
func (p pathEnd) at(fromEnd int) string {
	if i := len(p.segments) - 1 - fromEnd; i >= 0 {
		return p.segments[i]
	}
	return ""
}

// hash is how many hash folders end before the last n segments: 2 or 0.
func (p pathEnd) hash(n int) int {
	first, second := p.at(n+1), p.at(n)
	if folder1.MatchString(first) && len(second) == 2 && second[:1] == first && folder1.MatchString(second[1:]) {
		return 2
	}
	return 0
}

// zones are the two folders before the last n segments and their hash folders.
func (p pathEnd) zones(n int) (zone, above string) {
	n += p.hash(n)
	return p.at(n), p.at(n + 1)
}

// before is the path before the last n segments, decoded.
func (p pathEnd) before(n int) string {
	if n >= len(p.segments) {
		return ""
	}
	return "/" + strings.Join(p.segments[:len(p.segments)-n], "/")
}

// thumbPath reads <base>/thumb/[h/hh/]<name>/<size>-<name>.
func (u *URL) thumbPath(p pathEnd, form Form, zones int) error {
	u.Form = form
	if err := u.name(p, 2, zones); err != nil {
		return err
	}
	return u.size(p.at(0))
}

// oldThumbPath reads <base>/thumb/archive/[h/hh/]<time>!<name>/<size>-<name>.
func (u *URL) oldThumbPath(p pathEnd, form Form) error {
	u.Form = form
	if err := u.oldFile(p, 2, 2); err != nil {
		return err
	}
	return u.size(p.at(0))
}

// size reads the last segment of a thumbnail's path.
func (u *URL) size(segment string) error {
	thumb, ok := u.thumbName(segment)
	if !ok {
		return fmt.Errorf("%w: %q is no name of a thumbnail", ErrNoMedia, segment)
	}
	u.Thumb = &thumb
	return nil
}

// cutThumbPath reads <base>/thumb/h/hh/<name>, where the size was lost: it
// stands for the file itself.
func (u *URL) cutThumbPath(p pathEnd) error {
	u.Form = Original
	if err := u.name(p, 1, 1); err != nil {
		return err
	}
	u.damaged("the path of a thumbnail ends before its size")
	return u.plausible(p, 1)
}

// transcodedPath reads <base>/transcoded/[h/hh/]<name>/<name>.<what>.
func (u *URL) transcodedPath(p pathEnd) error {
	u.Form = Transcoded
	if err := u.name(p, 2, 1); err != nil {
		return err
	}
	what, ok := strings.CutPrefix(underscored(p.at(0)), u.Name+".")
	if !ok || what == "" {
		return fmt.Errorf("%w: %q is no version of %q", ErrNoMedia, p.at(0), u.Name)
	}
	u.Transcode = what
	return nil
}

// oldPath reads <base>/archive/[h/hh/]<time>!<name>.
func (u *URL) oldPath(p pathEnd) error {
	u.Form = Archive
	return u.oldFile(p, 1, 1)
}

// oldFile reads the name of an old version.
func (u *URL) oldFile(p pathEnd, n, zones int) error {
	if err := u.name(p, n, zones); err != nil {
		return err
	}
	old := oldName.FindStringSubmatch(u.Name)
	if old == nil {
		return fmt.Errorf("%w: the name of an old version starts with its time", ErrNoMedia)
	}
	u.Archived, u.Name = old[1], old[2]
	return nil
}

// name reads the name of the file, the first of the last n segments, and what
// stands before it: hash folders, and so many zones.
func (u *URL) name(p pathEnd, n, zones int) error {
	hash := p.hash(n)
	if hash > 0 {
		u.Folders = p.at(n+1) + "/" + p.at(n)
	}
	u.Base = p.before(n + hash + zones)
	u.Name = p.at(n - 1)
	if strings.Contains(u.Name, " ") {
		u.damaged("the name has spaces where underscores belong")
		u.Name = underscored(u.Name)
	}
	if !extension.MatchString(u.Name) {
		return fmt.Errorf("%w: %q is no name of a file", ErrNoMedia, u.Name)
	}
	return nil
}

// originalPath reads <base>/h/hh/<name>.
func (u *URL) originalPath(p pathEnd) error {
	u.Form = Original
	if len(p.segments) == 0 {
		return fmt.Errorf("%w: it has no path", ErrNoMedia)
	}
	if err := u.name(p, 1, 0); err != nil {
		return err
	}
	return u.plausible(p, 0)
}

var (
	// familiar are folders that wikis keep their files in.
	familiar = []string{"images", "upload", "uploads", "img_auth.php"}
	// projects are the first folders on Wikimedia's host; a language or wiki follows.
	projects = []string{
		"wikipedia", "wiktionary", "wikibooks", "wikiquote", "wikisource", "wikinews",
		"wikiversity", "wikivoyage", "wikimedia", "wikidata", "wikifunctions",
	}
)

// plausible wants more than two short folders before it believes that a wiki
// keeps an original there: the host, the folders above or the sum of the name
// must agree. Without such folders nothing tells a wiki from other websites.
func (u *URL) plausible(p pathEnd, zones int) error {
	if u.Folders == "" {
		return fmt.Errorf("%w: no folders of a wiki's files", ErrNoMedia)
	}
	if OnWikimedia(u.Host) || slices.Contains(familiar, p.at(3+zones)) ||
		slices.Contains(projects, p.at(4+zones)) || u.Folders == Folders(u.Name) {
		return nil
	}
	return fmt.Errorf("%w: the folders are not those of %q", ErrNoMedia, u.Name)
}

// OnWikimedia says whether a host serves Wikimedia's files or their thumbnails.
func OnWikimedia(host string) bool { return host == UploadHost || host == ThumbHost }

// Folders are the two that MediaWiki keeps a file in, by the MD5 sum of its
// name: "a/a9" (https://www.mediawiki.org/wiki/Manual:$wgHashedUploadDirectory).
func Folders(name string) string {
	sum := md5.Sum([]byte(underscored(name)))
	digits := hex.EncodeToString(sum[:1])
	return digits[:1] + "/" + digits
}

func underscored(s string) string { return strings.ReplaceAll(s, " ", "_") }
