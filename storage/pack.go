package storage

import (
	"fmt"

	"github.com/klauspost/compress/s2"
)

const (
	// packFrom is the length of JSON from which a row is packed. Below it the
	// engine's own compression of blocks does as well.
	packFrom = 1 << 10
	// packed is the first byte of a packed row. JSON cannot begin with it.
	packed = 0x01
	// maxUnpacked bounds what a damaged length can make the program ask for.
	maxUnpacked = 64 << 20
)

// pack makes a long row short. The engine compresses too, but late: its
// buffers, its log and the tables that it builds in memory hold rows as they
// were given, several times over while tables are merged. JSON of many like
// elements shrinks to a seventh.
func pack(raw []byte) []byte {
	if len(raw) < packFrom {
		return raw
	}
	out := make([]byte, 1+s2.MaxEncodedLen(len(raw)))
	out[0] = packed
	short := s2.Encode(out[1:], raw)
	if len(short)+1 >= len(raw) {
		return raw
	}
	return out[:1+len(short)]
}

// unpack is the inverse of pack.
func unpack(value []byte) ([]byte, error) {
	if len(value) == 0 || value[0] != packed {
		return value, nil
	}
	n, err := s2.DecodedLen(value[1:])
	if err == nil && n > maxUnpacked {
		err = fmt.Errorf("%d bytes", n)
	}
	if err != nil {
		return nil, fmt.Errorf("unpacking a row: %w: %w", ErrDamaged, err)
	}
	raw, err := s2.Decode(nil, value[1:])
	if err != nil {
		return nil, fmt.Errorf("unpacking a row: %w: %w", ErrDamaged, err)
	}
	return raw, nil
}
