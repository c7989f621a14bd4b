package baseline

// ahead is how many bits are looked up at once; longer codes are rare.
const ahead = 10

// huffman is a table of codes of up to 16 bits, T.81 annex C.
type huffman struct {
	short   [1 << ahead]code  // by the next bits
	whole   [1 << ahead]whole // a code with the number behind it, where both are short
	symbols []byte            // by code, in ascending order
	// Of each length: the first code beyond it, aligned to 16 bits, and what to add
	// to a code for its place in symbols.
	beyond [17]uint32
	offset [17]int32
}

// code is a symbol and how long its code is; 0 where it is longer than looked up.
type code struct{ symbol, length uint8 }

// whole is a coefficient: the zeros before it, its value, and the bits of all.
type whole struct {
	value         int16
	zeros, length uint8
}

// newHuffman reads 16 counts and the symbols, and says how many bytes that took.
// It gives nil for what is no table.
func newHuffman(s []byte) (h *huffman, used int) {
	total := 0
	for _, n := range s[:16] {
		total += int(n)
	}
	if total == 0 || total > 256 || len(s) < 16+total {
		return nil, 0
	}
	h = &huffman{symbols: append([]byte(nil), s[16:16+total]...)}
	next, place := uint32(0), 0
	for length := 1; length <= 16; length++ {
		h.offset[length] = int32(place) - int32(next)
		for range s[length-1] {
			if next >= 1<<length {
				return nil, 0
			}
			h.enter(next, uint(length), h.symbols[place])
			next, place = next+1, place+1
		}
		h.beyond[length] = next << (16 - length)
		next <<= 1
	}
	h.combine()
	return h, 16 + total
}

func (h *huffman) enter(bits uint32, length uint, symbol byte) {
	if length > ahead {
		return
	}
	first := bits << (ahead - length)
	for i := range uint32(1) << (ahead - length) {
		h.short[first+i] = code{symbol, uint8(length)}
	}
}

// combine finds the codes that leave room for their numbers.
func (h *huffman) combine() {
	for i, c := range h.short {
		size := uint(c.symbol & 15)
		length := uint(c.length) + size
		if c.length == 0 || size == 0 || length > ahead {
			continue
		}
		v := int32(i) >> (ahead - length) & (1<<size - 1)
		if v < 1<<(size-1) {
			v += -1<<size + 1
		}
		h.whole[i] = whole{int16(v), c.symbol >> 4, uint8(length)}
	}
}

// symbol reads a code.
func (h *huffman) symbol(b *bits) (symbol uint8, ok bool) {
	if c := h.short[b.held>>(64-ahead)]; c.length > 0 {
		b.skip(uint(c.length))
		return c.symbol, true
	}
	return h.long(b)
}

func (h *huffman) long(b *bits) (symbol uint8, ok bool) {
	next := uint32(b.held >> 48)
	for length := uint(ahead + 1); length <= 16; length++ {
		if next < h.beyond[length] {
			b.skip(length)
			return h.symbols[int32(next>>(16-length))+h.offset[length]], true
		}
	}
	return 0, false
}

// endOfBlock stands in place of zeros where no coefficient follows.
const endOfBlock = 255

// part reads a code and its number where they are long, or where there is no
// number: a run of 16 zeros, or the end of the block. Its length is 0, as the bits
// are taken already.
func (h *huffman) part(b *bits) (w whole, ok bool) {
	symbol, ok := h.symbol(b)
	zeros, size := symbol>>4, uint(symbol&15)
	if size == 0 && zeros < 15 {
		return whole{zeros: endOfBlock}, ok
	}
	return whole{value: int16(b.value(size)), zeros: zeros}, ok
}
