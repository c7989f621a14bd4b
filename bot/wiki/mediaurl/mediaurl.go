// Package mediaurl reads and writes the addresses of media files.
//
// MediaWiki serves one file under many addresses: the file as it was uploaded,
// its former versions, scaled pictures of both, transcoded films, scripts and
// special pages that lead to any of them, on one host or on two
// (upload.wikimedia.org for files, thumb.wikimedia.org for scaled pictures),
// with and without the parameters that say where the address was made. A URL
// is any of these, taken apart; what a form does not have stays empty.
//
// Invariants:
//   - Parse understands what is damaged in ways that occur, and says in Damage
//     what was wrong. String writes the mended address, so parsing it again
//     gives the same parts and no damage that could be mended.
//   - Parameters that nobody here knows are kept, in order.
//   - Names are decoded once and have underscores; encoding belongs to String.
//   - Nothing here makes a request or believes an address: a signature is
//     judged by Keys alone.
//
// The paths are those of includes/FileRepo in MediaWiki's source, the names of
// thumbnails those that its media handlers make.
package mediaurl

import "errors"

// Form is what an address is one of.
type Form string

// Forms, each with an example of its path.
const (
	Original     Form = "original"              // /wikipedia/commons/a/a9/Example.jpg
	Thumb        Form = "thumb"                 // /wikipedia/commons/thumb/a/a9/Example.jpg/250px-Example.jpg
	Archive      Form = "archive"               // /wikipedia/commons/archive/a/a9/20200131235959!Example.jpg
	ArchiveThumb Form = "archive-thumb"         // /wikipedia/commons/thumb/archive/a/a9/20200131235959!Example.jpg/250px-Example.jpg
	Transcoded   Form = "transcoded"            // /wikipedia/commons/transcoded/a/ab/Film.webm/Film.webm.480p.vp9.webm
	ThumbPHP     Form = "thumb.php"             // /w/thumb.php?f=Example.jpg&width=250
	ThumbHandler Form = "thumb_handler.php"     // /w/thumb_handler.php/a/a9/Example.jpg/250px-Example.jpg
	FilePath     Form = "Special:FilePath"      // /wiki/Special:FilePath/Example.jpg?width=250
	Redirect     Form = "Special:Redirect/file" // /wiki/Special:Redirect/file/Example.jpg?width=250
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
	Width      int    // pixels; 0 only in the forms that name it as a parameter and left it out
	Quality    string // qlow, lossy, lossless, or two of them joined: qlow-lossy
	Page       int    // of a document, from 1; 0: none
	Lang       string // of an SVG
	Seek       string // seconds into a video
	Suffix     string // what follows the name: ".png" of an SVG
	Short      bool   // a long name is written "thumbnail.<ext>"
	DoubleDash bool   // "250px--Film.webm.jpg", as of videos without Seek
}

// Param is a parameter of the query, decoded.
type Param struct{ Name, Value string }

// URL is the address of a media file, taken apart.
type URL struct {
	Form       Form
	Scheme     string // "https", "http"; empty: protocol-relative, or relative where Host is empty too
	Host       string
	Base       string // path before the zone, the hash folders or the script: "/wikipedia/commons"
	Folders    string // hash folders: "a/a9"; empty: the wiki has none, or the form names none
	Name       string // of the file, decoded, with underscores: "Example.jpg"
	Archived   string // timestamp of an old version: "20200131235959"
	Transcode  string // of a transcoded file, what follows the name: "480p.vp9.webm"
	Page       string // special page as written: "Spezial:Dateipfad"; empty: the form's own name
	InTitle    bool   // the special page stands in title=, not in the path
	Thumb      *Thumbnail
	Provenance Provenance
	Signature  string  // utm_term
	Others     []Param // the rest of the query, in order
	Fragment   string
	Damage     []string // what was wrong with it and was understood all the same
}

// ErrNoMedia is the error for an address of something else.
var ErrNoMedia = errors.New("no address of a media file")
