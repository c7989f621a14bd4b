// Package mediaurl reads and writes the addresses of media files.
package mediaurl

import (
	"errors"
	"time"
)

// Form is what an address is one of.
type Form string

// Forms.
const (
	Original     Form = "original"
	Thumb        Form = "thumb"
	Archive      Form = "archive"
	ArchiveThumb Form = "archive-thumb"
	Transcoded   Form = "transcoded"
	ThumbPHP     Form = "thumb.php"
	FilePath     Form = "Special:FilePath"
	Redirect     Form = "Special:Redirect/file"
)

// Provenance says where an address was made, in the parameters that MediaWiki
// appends: https://www.mediawiki.org/wiki/Manual:$wgTrackMediaRequestProvenance
type Provenance struct {
	Source   string // utm_source: server name of the wiki
	Campaign string // utm_campaign: parser, imageinfo, index, api, rest, job
	Content  string // utm_content: original, thumbnail, thumbnail_unscaled
}

// Thumbnail is what an address says of a scaled picture.
type Thumbnail struct {
	Width   int    // pixels
	Quality string // qlow, lossy, lossless
	Page    int    // of a document, from 1; 0: none
	Lang    string // of an SVG
	Seek    string // seconds into a video
	Suffix  string // what follows the name: ".png" of an SVG
}

// Param is a parameter of the query, decoded.
type Param struct{ Name, Value string }

// URL is the address of a media file, taken apart.
type URL struct {
	Form       Form
	Scheme     string // "https", "http"; empty: protocol-relative, or relative where Host is empty too
	Host       string
	Base       string // path before the hash folders or the script: "/wikipedia/commons"
	Name       string // of the file, decoded, with underscores: "Example.jpg"
	Archived   string // timestamp of an old version: "20200131235959"
	Thumb      *Thumbnail
	Provenance Provenance
	Signature  string  // utm_term
	Others     []Param // the rest of the query, in order
	Fragment   string
	Damage     []string // what was wrong with it and was understood all the same
}

// ErrNoMedia is the error for an address of something else.
var ErrNoMedia = errors.New("no address of a media file")

// Parse takes an address apart.
func Parse(raw string) (*URL, error) { return nil, ErrNoMedia }

// String puts the address together, with its parameters in core's order.
func (u *URL) String() string { return "" }

// Steps are the standard widths of thumbnails on Wikimedia's wikis, in pixels:
// https://www.mediawiki.org/wiki/Common_thumbnail_sizes
var Steps = [...]int{20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840}

// IsStep says whether a width is standard.
func IsStep(width int) bool { return false }

// NextStep is the smallest standard width that is at least width; ok is false beyond the last.
func NextStep(width int) (step int, ok bool) { return 0, false }

// Class of the source that made an address.
type Class string

// Classes.
const (
	Web     Class = "web"   // campaigns parser, index, job
	API     Class = "api"   // campaigns api, imageinfo, rest
	Dumps   Class = "dumps" // campaign dumps
	Unknown Class = "unknown"
)

// Standing of an address's signature.
type Standing string

// Standings.
const (
	Valid Standing = "valid"
	Stale Standing = "stale" // right, but too old, or from the future
	Bad   Standing = "bad"
	None  Standing = "none"
)

// Verdict is what a signature says of an address.
type Verdict struct {
	Standing Standing
	Class    Class
	Age      time.Duration // since it was signed; 0 where that is unknown
	Why      string        // of Bad: what is wrong, for logs
}

// Scheme of a signature.
type Scheme string

// Schemes.
const (
	H1 Scheme = "h1" // HMAC-SHA-256
	S1 Scheme = "s1" // SHA-1 of key and text
)

// Keys sign and verify. The first signs; all verify, so that a new key is put
// first and the old one stays until what it signed is stale.
type Keys []Key

// Key is one secret.
type Key struct {
	ID     string // ASCII letters, digits, - and _; public
	Secret []byte // at least 16 bytes
}

// Sign returns the address with its signature.
func (k Keys) Sign(raw string, scheme Scheme, at time.Time) (string, error) { return "", ErrNoMedia }

// Verify judges an address. fresh is how long a signature counts.
func (k Keys) Verify(raw string, now time.Time, fresh time.Duration) Verdict { return Verdict{} }
