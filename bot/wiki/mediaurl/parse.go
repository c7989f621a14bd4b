package mediaurl

import (
	"fmt"
	"regexp"
	"strings"
)

// Hosts of Wikimedia's files, and of their thumbnails.
const (
	UploadHost = "upload.wikimedia.org"
	ThumbHost  = "thumb.wikimedia.org"
)

// maxLength of an address, in bytes: no server takes a longer request line.
const maxLength = 16 << 10

// maxLayers is how often an address may have been percent-encoded.
const maxLayers = 8

// Parse takes an address apart: absolute, protocol-relative or root-relative.
// The error is ErrNoMedia, with the reason, for an address of anything else.
func Parse(raw string) (*URL, error) {
	if len(raw) > maxLength {
		return nil, fmt.Errorf("%w: it has %d bytes, and no server takes more than %d", ErrNoMedia, len(raw), maxLength)
	}
	u := &URL{}
	rest, err := u.start(u.unwrap(raw))
	if err != nil {
		return nil, err
	}
	path, query := u.cut(rest)
	segments, err := u.segments(path)
	if err != nil {
		return nil, err
	}
	params := u.params(query)
	switch {
	case u.script(segments, &params), u.special(segments, &params):
	default:
		if err := u.file(segments); err != nil {
			return nil, err
		}
	}
	u.takeProvenance(params)
	return u, nil
}

// damaged notes what was wrong, each thing once.
func (u *URL) damaged(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	for _, known := range u.Damage {
		if known == what {
			return
		}
	}
	u.Damage = append(u.Damage, what)
}

// address is where an address starts: scheme and host, or a slash.
var address = regexp.MustCompile(`^(?i:(?:(https?):)?//([\pL\pM\pN._-]+(?::\d+)?|\[[0-9a-f:.]+\](?::\d+)?)(/.*)?$)`)

// start takes scheme and host off, and returns the rest, which starts with a slash.
func (u *URL) start(raw string) (string, error) {
	if rooted := strings.HasPrefix(raw, "/") && !strings.HasPrefix(raw, "//"); rooted {
		return raw, nil
	}
	for _, host := range []string{UploadHost, ThumbHost} {
		if len(raw) > len(host) && strings.EqualFold(raw[:len(host)], host) && raw[len(host)] == '/' {
			u.damaged("the host stands without // before it")
			raw = "//" + raw
		}
	}
	// A line feed in the path must not end the match.
	first, _, _ := strings.Cut(raw, "\n")
	found := address.FindStringSubmatchIndex(first)
	if found == nil || found[6] < 0 {
		return "", fmt.Errorf("%w: it starts neither with a host nor with a slash", ErrNoMedia)
	}
	if found[2] >= 0 {
		u.Scheme = strings.ToLower(raw[found[2]:found[3]])
	}
	u.Host = lowerASCII(raw[found[4]:found[5]])
	return raw[found[6]:], nil
}

// lowerASCII leaves other letters alone: lowering some of them makes letters of another kind.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// segments splits a path and decodes it. No name of a file holds a slash, so
// an encoded one is a separator, too; and no title holds a percent sign with
// two hexadecimal digits, so a segment that still does was encoded twice.
func (u *URL) segments(path string) ([]string, error) {
	decoded, stray := unescape(path)
	if stray {
		u.damaged("a percent sign stands for itself")
	}
	parts := strings.Split(decoded, "/")
	for layer, again := 1, true; again; layer++ {
		if layer > maxLayers {
			return nil, fmt.Errorf("%w: it is percent-encoded more than %d times", ErrNoMedia, maxLayers)
		}
		again = false
		for i, part := range parts {
			if better, ok := unescapeAgain(part); ok {
				parts[i], again = better, true
				u.damaged("the path is percent-encoded twice")
			}
		}
		parts = strings.Split(strings.Join(parts, "/"), "/")
	}
	return u.filled(parts[1:])
}

// filled leaves out empty segments, and refuses those that mean another folder.
func (u *URL) filled(parts []string) ([]string, error) {
	var kept []string
	for i, part := range parts {
		switch {
		case part == "." || part == "..":
			return nil, fmt.Errorf("%w: the path has %q in it", ErrNoMedia, part)
		case glued.MatchString(part): // encoded in a way that no careless code does
			return nil, fmt.Errorf("%w: there is a query in %q", ErrNoMedia, part)
		case part != "":
			kept = append(kept, part)
		case i < len(parts)-1:
			u.damaged("a slash stands twice")
		}
	}
	return kept, nil
}
