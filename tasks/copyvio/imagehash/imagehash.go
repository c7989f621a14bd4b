// Package imagehash turns pictures into perceptual hashes and finds the alike
// ones among many.
//
//	data ─Open→ Picture ─Print→ what is stored of an upload
//	                    └Query→ the same in eight orientations ─Index.Matches→ evidence
//
// The first hash is PDQ: 256 bits and a quality from 0 to 100, as defined by
// "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
// (Meta, 2019) and, where the paper leaves room, by its C++ implementation in
// facebook/ThreatExchange (pdq/cpp). References in other languages differ from
// it by up to 16 bits; here the C++ one counts. The second hash is a pHash of 64
// bits, made like that of Python's imagehash; see [PHash].
//
// With the usual kind of JPEG (see the package baseline beneath) and with PNG the
// hash is that of the C++ program built with libjpeg-turbo and libpng, bit by bit; a
// progressive JPEG is decoded by Go, which rounds otherwise: 2 bits were seen.
//
// The C++ program hashes pixels as they are stored in the file and does not look
// at EXIF. A wiki turns its thumbnails upright, so a [Picture] is upright too;
// [Picture.AsStored] gives what the C++ program would give for the file.
//
// Hashes made by another version of the algorithm or of the decoders may differ
// in some bits, so a [Print] says what made it.
package imagehash

import "runtime"

// algorithm changes whenever the same pixels could give other bits.
const algorithm = "pdq1.phash1"

// A Print is what is stored of a picture.
type Print struct {
	PDQ     Code   `json:"pdq"`
	Quality int    `json:"quality"` // 0 to 100; below [LeastQuality] a hash says nothing
	PHash   PHash  `json:"phash"`
	Made    string `json:"made"` // the [Version] that made it
}

// Version names the algorithm and the decoders. Go's decoders come with its
// release (Go 1.26 has another JPEG transform than Go 1.25), so that is part of it.
func Version() string { return algorithm + " " + runtime.Version() }

// A Face is a picture's two hashes as it looks in one orientation.
type Face struct {
	PDQ   Code
	PHash PHash
}

// A Query is what is looked for: a picture's faces by [Orientation], all eight or
// only the first.
type Query struct {
	Quality int
	Faces   []Face
}

// Query looks for a stored picture in the orientation that it has; the others
// need the picture itself.
func (p Print) Query() Query {
	return Query{Quality: p.Quality, Faces: []Face{{p.PDQ, p.PHash}}}
}

// A Picture is what hashing needs of a decoded picture, 64 KB, and not its pixels.
type Picture struct {
	Format        string // as sniffed from the content: "jpeg", "png", "gif", "webp", "tiff" or "bmp"
	Width, Height int    // as stored in the file, before it is turned upright
	EXIF          int    // the EXIF orientation, 1 to 8; 1 where there is none

	upright, stored *spectrum
}

// spectrum is what all hashes of a picture are made of.
type spectrum struct {
	pdq     *squares // nil for a picture too small
	phash   square8
	quality int
}

// Print gives the hashes of the picture as a viewer sees it.
func (p *Picture) Print() Print {
	f := p.upright.face(Same)
	return Print{PDQ: f.PDQ, Quality: p.upright.quality, PHash: f.PHash, Made: Version()}
}

// AsStored is the picture without its EXIF orientation, as Meta's C++ program
// sees it.
func (p *Picture) AsStored() *Picture {
	stored := *p
	stored.EXIF, stored.upright = 1, p.stored
	return &stored
}

// Query gives the hashes in all orientations: someone who copies a picture may
// mirror or turn it.
func (p *Picture) Query() Query {
	q := Query{Quality: p.upright.quality, Faces: make([]Face, Orientations)}
	for o := range Orientations {
		q.Faces[o] = p.upright.face(o)
	}
	return q
}

func (s *spectrum) face(o Orientation) Face {
	f := Face{PHash: s.phash.turned(o).hash()}
	if s.pdq != nil {
		f.PDQ = s.pdq.turned(o).code()
	}
	return f
}
