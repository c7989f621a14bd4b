package picture

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// Camera is what a camera or an agency writes into a photo (EXIF 2.3, tables 3
// to 5: tags of the 0th IFD). What is empty is not written.
type Camera struct {
	Orientation                              int // 1 to 8; 6 is a photo that must be turned clockwise to stand upright
	Make, Model, Software, Artist, Copyright string
}

// Tags of the 0th IFD, and their types.
const (
	tagMake        = 0x010f
	tagModel       = 0x0110
	tagOrientation = 0x0112
	tagSoftware    = 0x0131
	tagArtist      = 0x013b
	tagCopyright   = 0x8298

	typeASCII = 2
	typeShort = 3
)

// WithCamera is a JPEG with an EXIF part.
func WithCamera(photo []byte, c Camera) []byte {
	payload := append([]byte("Exif\x00\x00"), c.tiff()...)
	out := slices.Clone(photo[:2]) // the mark of a JPEG's beginning
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+2))
	return append(append(out, payload...), photo[2:]...)
}

type field struct {
	tag   uint16
	text  string
	short uint16
}

func (c Camera) fields() []field {
	all := []field{{tag: tagMake, text: c.Make}, {tag: tagModel, text: c.Model}, {tag: tagOrientation, short: uint16(c.Orientation)},
		{tag: tagSoftware, text: c.Software}, {tag: tagArtist, text: c.Artist}, {tag: tagCopyright, text: c.Copyright}}
	all = slices.DeleteFunc(all, func(f field) bool { return f.text == "" && f.short == 0 })
	slices.SortFunc(all, func(a, b field) int { return cmp.Compare(a.tag, b.tag) })
	return all
}

// tiff is the directory in the order of the TIFF specification: entries of
// twelve bytes, then what does not fit into one.
func (c Camera) tiff() []byte {
	fields := c.fields()
	var head, tail bytes.Buffer
	head.WriteString("II*\x00\x08\x00\x00\x00")
	write := func(v any) { _ = binary.Write(&head, binary.LittleEndian, v) } // a buffer takes everything
	write(uint16(len(fields)))
	behind := 8 + 2 + 12*len(fields) + 4
	for _, f := range fields {
		write(f.tag)
		if f.text == "" {
			write([]uint16{typeShort, 1, 0, f.short, 0})
			continue
		}
		text := append([]byte(f.text), 0)
		write(uint16(typeASCII))
		write(uint32(len(text)))
		if len(text) <= 4 {
			head.Write(append(text, make([]byte, 4-len(text))...))
			continue
		}
		write(uint32(behind + tail.Len()))
		tail.Write(text)
	}
	write(uint32(0))
	return append(head.Bytes(), tail.Bytes()...)
}
