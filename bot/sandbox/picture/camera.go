package picture

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Tag is one entry of a photo's EXIF part, by MediaWiki's name: a text, or a
// number for Orientation.
type Tag struct {
	Name  string
	Value any
}

// ReadCamera reads from a JPEG what WithCamera writes, in the file's order. Any
// other entry is left out, and so is all behind the first fault.
func ReadCamera(photo []byte) []Tag {
	return readDirectory(exifPart(photo))
}

// exifPart finds the TIFF structure in the APP1 segment before the picture's data.
func exifPart(photo []byte) []byte {
	for i := 2; i+4 <= len(photo) && photo[i] == 0xff && photo[i+1] != 0xda; {
		size := int(binary.BigEndian.Uint16(photo[i+2:]))
		if size < 2 || i+2+size > len(photo) {
			return nil
		}
		if body, ok := bytes.CutPrefix(photo[i+4:i+2+size], []byte("Exif\x00\x00")); ok && photo[i+1] == 0xe1 {
			return body
		}
		i += 2 + size
	}
	return nil
}

func readDirectory(tiff []byte) (tags []Tag) {
	if len(tiff) < 10 || string(tiff[:4]) != "II*\x00" {
		return nil
	}
	order := binary.LittleEndian
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return nil
	}
	for n := int(order.Uint16(tiff[at:])); n > 0; n-- {
		entry := at + 2
		if entry+12 > len(tiff) {
			return tags
		}
		if tag, ok := readEntry(tiff, tiff[entry:entry+12]); ok {
			tags = append(tags, tag)
		}
		at += 12
	}
	return tags
}

func readEntry(tiff, entry []byte) (Tag, bool) {
	order := binary.LittleEndian
	name, ok := tagName(order.Uint16(entry))
	if !ok {
		return Tag{}, false
	}
	count, value := int(order.Uint32(entry[4:])), entry[8:]
	switch order.Uint16(entry[2:]) {
	case typeShort:
		return Tag{name, int(order.Uint16(value))}, true
	case typeASCII:
		if count > 4 {
			at := int(order.Uint32(value))
			if at < 0 || count > 1<<16 || at+count > len(tiff) {
				return Tag{}, false
			}
			value = tiff[at:]
		}
		return Tag{name, strings.TrimRight(string(value[:count]), "\x00")}, true
	}
	return Tag{}, false
}

func tagName(tag uint16) (string, bool) {
	name, ok := map[uint16]string{tagMake: "Make", tagModel: "Model", tagOrientation: "Orientation", tagSoftware: "Software",
		tagArtist: "Artist", tagCopyright: "Copyright"}[tag]
	return name, ok
}
