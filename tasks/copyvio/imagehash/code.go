package imagehash

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
)

// A Code is a PDQ hash of 256 bits. Its text is the 64 hex digits that PDQ's own
// tools print; word 0 holds the first 16 of them.
type Code [4]uint64

// ParseCode reads 64 hex digits.
func ParseCode(text string) (Code, error) {
	var c Code
	err := c.UnmarshalText([]byte(text))
	return c, err
}

func (c Code) String() string {
	text, _ := c.MarshalText()
	return string(text)
}

// MarshalText writes 64 hex digits.
func (c Code) MarshalText() ([]byte, error) {
	b := c.Bytes()
	return hex.AppendEncode(nil, b[:]), nil
}

// UnmarshalText reads 64 hex digits, of either case.
func (c *Code) UnmarshalText(text []byte) error {
	var b [32]byte
	if err := unhex(b[:], text, "PDQ hash"); err != nil {
		return err
	}
	for i := range c {
		c[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return nil
}

// Bytes are the 32 bytes whose hex digits are the text.
func (c Code) Bytes() (b [32]byte) {
	for i, word := range c {
		binary.BigEndian.PutUint64(b[8*i:], word)
	}
	return b
}

// Distance counts the bits that differ, 0 to 256.
func (c Code) Distance(d Code) int {
	return bits.OnesCount64(c[0]^d[0]) + bits.OnesCount64(c[1]^d[1]) +
		bits.OnesCount64(c[2]^d[2]) + bits.OnesCount64(c[3]^d[3])
}

// A PHash is a hash of 64 bits: the picture's luma is averaged over 32x32 equal
// areas, transformed by a type-II DCT, and bit i*8+j, the highest first, says
// whether coefficient (i down, j across) of the lowest 8x8 is above the median of
// these 64. Python's imagehash.phash does the same after another reduction
// (Lanczos, from the full picture), so its hashes differ by some bits.
type PHash uint64

// ParsePHash reads 16 hex digits.
func ParsePHash(text string) (PHash, error) {
	var h PHash
	err := h.UnmarshalText([]byte(text))
	return h, err
}

func (h PHash) String() string { return fmt.Sprintf("%016x", uint64(h)) }

// MarshalText writes 16 hex digits.
func (h PHash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 16 hex digits, of either case.
func (h *PHash) UnmarshalText(text []byte) error {
	var b [8]byte
	if err := unhex(b[:], text, "pHash"); err != nil {
		return err
	}
	*h = PHash(binary.BigEndian.Uint64(b[:]))
	return nil
}

// Distance counts the bits that differ, 0 to 64.
func (h PHash) Distance(g PHash) int { return bits.OnesCount64(uint64(h ^ g)) }

// unhex fills b from exactly as many hex digits as it takes.
func unhex(b, text []byte, what string) error {
	if len(text) != 2*len(b) {
		return fmt.Errorf("reading a %s: want %d hex digits, there are %d characters", what, 2*len(b), len(text))
	}
	if _, err := hex.Decode(b, text); err != nil {
		return fmt.Errorf("reading a %s: %w", what, err)
	}
	return nil
}
