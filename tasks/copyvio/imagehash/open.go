package imagehash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"filewarden/tasks/copyvio/imagehash/baseline"
)

// Limits are the largest picture that is decoded. Zero means the default.
type Limits struct {
	Bytes  int // of the file; 20 MiB
	Pixels int // width times height; 50 million
	Side   int // width or height; 20,000
}

func (l Limits) orDefault() Limits {
	or := func(limit, otherwise int) int {
		if limit <= 0 {
			return otherwise
		}
		return limit
	}
	return Limits{or(l.Bytes, 20<<20), or(l.Pixels, 50_000_000), or(l.Side, 20_000)}
}

// A TooLargeError is a picture beyond a limit; it was not decoded.
type TooLargeError struct {
	Format     string // "" when the file was too long to look inside
	What       string // "bytes", "pixels" or "side"
	Is, AtMost int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("picture too large: %d %s, the limit is %d", e.Is, e.What, e.AtMost)
}

// An UnreadableError is a file that is no picture of a kind that is read here, or
// a damaged one. Another copy of it, such as the wiki's own thumbnail, may be
// readable.
type UnreadableError struct {
	Format string // as sniffed; "" when unknown
	Err    error
}

func (e *UnreadableError) Error() string {
	if e.Format == "" {
		return fmt.Sprintf("unreadable picture: %v", e.Err)
	}
	return fmt.Sprintf("unreadable %s picture: %v", e.Format, e.Err)
}

func (e *UnreadableError) Unwrap() error { return e.Err }

// An Opener opens pictures, so many at once: decoding takes memory that grows with
// the pixels, for a progressive JPEG about 15 bytes for each.
type Opener struct {
	limits Limits
	slots  chan struct{}
}

// NewOpener makes an opener that decodes at most so many pictures at once.
func NewOpener(limits Limits, atOnce int) *Opener {
	return &Opener{limits, make(chan struct{}, max(1, atOnce))}
}

// Open waits for its turn and opens a picture as [Open] does. The error is that
// of the context, a [*TooLargeError] or an [*UnreadableError].
func (o *Opener) Open(ctx context.Context, data []byte) (*Picture, error) {
	select {
	case o.slots <- struct{}{}:
		defer func() { <-o.slots }()
		return Open(data, o.limits)
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting to decode a picture: %w", ctx.Err())
	}
}

// Open decodes a picture: JPEG, PNG, GIF (its first frame), WebP (not animated),
// TIFF or BMP, told by its content and never by a name. Transparent parts are laid
// on white. The limits are checked before anything is decoded. The error is a
// [*TooLargeError] or an [*UnreadableError].
func Open(data []byte, limits Limits) (*Picture, error) {
	limits = limits.orDefault()
	if len(data) > limits.Bytes {
		return nil, &TooLargeError{What: "bytes", Is: len(data), AtMost: limits.Bytes}
	}
	f, ok := sniff(data)
	if !ok {
		return nil, &UnreadableError{Err: errors.New("its content is of no known format")}
	}
	if err := f.check(data, limits); err != nil {
		return nil, err
	}
	img, err := f.decoded(data)
	if err != nil {
		return nil, err
	}
	orientation := 1
	if f.name == "jpeg" {
		orientation = exifOrientation(data)
	}
	return pictureOf(img, f.name, orientation), nil
}

// Of hashes a picture that is decoded already.
func Of(img image.Image) *Picture { return pictureOf(img, "", 1) }

func pictureOf(img image.Image, format string, orientation int) *Picture {
	size := img.Bounds().Size()
	p := &Picture{Format: format, Width: size.X, Height: size.Y, EXIF: orientation}
	from := samplerOf(img)
	p.stored = spectrumOf(upright(size, 1).see(from))
	p.upright = p.stored
	if orientation != 1 {
		p.upright = spectrumOf(upright(size, orientation).see(from))
	}
	return p
}

func spectrumOf(g *grid) *spectrum {
	s := &spectrum{phash: phashOf(g), pdq: squaresOf(g)}
	if s.pdq != nil {
		s.quality = s.pdq[0][0].quality()
	}
	return s
}

// format is how one kind of file is told and read.
type format struct {
	name   string
	starts []string // one of these; ? is any byte
	config func(io.Reader) (image.Config, error)
	decode func(data []byte) (image.Image, error)
}

func formats() []format {
	return []format{
		{"jpeg", []string{"\xff\xd8"}, jpeg.DecodeConfig, decodeJPEG},
		{"png", []string{"\x89PNG\r\n\x1a\n"}, png.DecodeConfig, reading(png.Decode)},
		{"gif", []string{"GIF87a", "GIF89a"}, gif.DecodeConfig, reading(gif.Decode)},
		{"webp", []string{"RIFF????WEBPVP8"}, webp.DecodeConfig, reading(webp.Decode)},
		{"tiff", []string{"II*\x00", "MM\x00*"}, tiff.DecodeConfig, reading(tiff.Decode)},
		{"bmp", []string{"BM????\x00\x00\x00\x00"}, bmp.DecodeConfig, reading(bmp.Decode)},
	}
}

func reading(decode func(io.Reader) (image.Image, error)) func([]byte) (image.Image, error) {
	return func(data []byte) (image.Image, error) { return decode(bytes.NewReader(data)) }
}

// decodeJPEG is quick and exact for the usual kind, and leaves the rest to Go.
func decodeJPEG(data []byte) (image.Image, error) {
	if img, err := baseline.Decode(data); err == nil {
		return img, nil
	}
	return jpeg.Decode(bytes.NewReader(data))
}

func sniff(data []byte) (format, bool) {
	for _, f := range formats() {
		for _, start := range f.starts {
			if begins(data, start) {
				return f, true
			}
		}
	}
	return format{}, false
}

func begins(data []byte, start string) bool {
	if len(data) < len(start) {
		return false
	}
	for i := range len(start) {
		if start[i] != '?' && start[i] != data[i] {
			return false
		}
	}
	return true
}

// check reads what the file says of its size.
func (f format) check(data []byte, limits Limits) error {
	var c image.Config
	err := f.guarded(func() (err error) {
		c, err = f.config(bytes.NewReader(data))
		return err
	})
	if err != nil {
		return err
	}
	if c.Width <= 0 || c.Height <= 0 {
		return &UnreadableError{f.name, fmt.Errorf("it says that it has %d x %d pixels", c.Width, c.Height)}
	}
	if longer := max(c.Width, c.Height); longer > limits.Side {
		return &TooLargeError{f.name, "pixels on a side", longer, limits.Side}
	}
	if c.Width > limits.Pixels/c.Height {
		return &TooLargeError{f.name, "pixels", c.Width * c.Height, limits.Pixels}
	}
	return nil
}

func (f format) decoded(data []byte) (img image.Image, err error) {
	err = f.guarded(func() (err error) {
		img, err = f.decode(data)
		return err
	})
	if err == nil && img.Bounds().Empty() {
		err = &UnreadableError{f.name, errors.New("it has no pixels")}
	}
	return img, err
}

// guarded makes whatever a decoder does one error: a decoder that panics costs one
// picture and not the process.
func (f format) guarded(decode func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &UnreadableError{f.name, fmt.Errorf("its decoder panicked: %v", r)}
		}
	}()
	if err := decode(); err != nil {
		return &UnreadableError{f.name, err}
	}
	return nil
}
