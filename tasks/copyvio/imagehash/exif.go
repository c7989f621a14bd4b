package imagehash

import (
	"bytes"
	"encoding/binary"
)

const (
	markerApp1         = 0xe1
	markerScan         = 0xda
	markerEnd          = 0xd9
	tagOrientation     = 0x0112
	typeShort          = 3
	entrySize          = 12
	upTo               = 8 // orientations
	exifHeader         = "Exif\x00\x00"
	directoryAt        = 4 // in a TIFF header: where the first directory is
	longestTIFFHeader  = 8
	directoryCountSize = 2
)

// exifOrientation reads the orientation from a JPEG's EXIF segment, 1 to 8; 1
// where there is none or nothing that can be read (Exif 2.3, 4.5.4 and 4.6.4).
func exifOrientation(data []byte) int {
	for kind, segment := range segments(data) {
		if rest, ok := bytes.CutPrefix(segment, []byte(exifHeader)); ok && kind == markerApp1 {
			return tiffOrientation(rest)
		}
	}
	return 1
}

// segments yields those of a JPEG that stand before its pixels.
func segments(data []byte) func(yield func(kind byte, segment []byte) bool) {
	return func(yield func(byte, []byte) bool) {
		for at := 2; at+4 <= len(data) && data[at] == 0xff; {
			kind := data[at+1]
			if kind == 0xff { // fill
				at++
				continue
			}
			if kind == markerScan || kind == markerEnd {
				return
			}
			length := int(binary.BigEndian.Uint16(data[at+2:]))
			end := at + 2 + length
			if length < 2 || end > len(data) || !yield(kind, data[at+4:end]) {
				return
			}
			at = end
		}
	}
}

// tiffOrientation looks through the first directory of EXIF's TIFF structure.
func tiffOrientation(data []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(data) < longestTIFFHeader {
		return 1
	}
	at := uint64(order.Uint32(data[directoryAt:]))
	if at+directoryCountSize > uint64(len(data)) {
		return 1
	}
	entries := data[at+directoryCountSize:]
	for range order.Uint16(data[at:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := int(order.Uint16(entries[8:])); 1 <= o && o <= upTo {
				return o
			}
			return 1
		}
		entries = entries[entrySize:]
	}
	return 1
}
