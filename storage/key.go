package storage

import (
	"bytes"
	"fmt"
)

// A key of a table is a tuple of strings. Its bytes sort as the tuples do:
// element by element, a shorter tuple before a longer one that begins with it.
// Each element ends in 00 01, and a zero byte inside it becomes 00 FF, so no
// element's bytes can be the beginning of another's and any byte is allowed.
const (
	escape     = 0x00
	terminator = 0x01
	zeroByte   = 0xFF
)

// appendTuple appends the bytes of elements to dst.
func appendTuple(dst []byte, elements ...string) []byte {
	for _, e := range elements {
		for i := range len(e) {
			dst = append(dst, e[i])
			if e[i] == escape {
				dst = append(dst, zeroByte)
			}
		}
		dst = append(dst, escape, terminator)
	}
	return dst
}

// parseTuple is the inverse of appendTuple.
func parseTuple(b []byte) ([]string, error) {
	var elements []string
	var element []byte
	for len(b) > 0 {
		i := bytes.IndexByte(b, escape)
		if i < 0 || i+1 == len(b) {
			return nil, fmt.Errorf("key ends inside an element: %q", b)
		}
		element = append(element, b[:i]...)
		switch b[i+1] {
		case terminator:
			elements = append(elements, string(element))
			element = element[:0]
		case zeroByte:
			element = append(element, escape)
		default:
			return nil, fmt.Errorf("key has an unknown escape %#x", b[i+1])
		}
		b = b[i+2:]
	}
	if len(element) > 0 {
		return nil, fmt.Errorf("key ends inside an element: %q", element)
	}
	return elements, nil
}
