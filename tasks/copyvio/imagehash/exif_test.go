package imagehash

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"io"
	"testing"
)

// oriented is a JPEG with an EXIF segment of one entry, other entries before it.
func oriented(data []byte, order binary.AppendByteOrder, orientation, before int) []byte {
	head := "MM"
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		head = "II"
	}
	b := append([]byte("Exif\x00\x00"), head...)
	b = order.AppendUint32(order.AppendUint16(b, 42), 8)
	b = order.AppendUint16(b, uint16(before+1))
	for i := range before {
		b = append(order.AppendUint16(b, uint16(0x100+i)), make([]byte, 10)...)
	}
	b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tagOrientation), typeShort), 1)
	b = order.AppendUint32(append(order.AppendUint16(b, uint16(orientation)), 0, 0), 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, markerApp1}, uint16(len(b)+2))
	return append(append(segment, b...), data[2:]...)
}

// What a camera that was held otherwise stores, by EXIF orientation.
func TestAPictureIsUprightAsItsEXIFMeansIt(t *testing.T) {
	upright := drawn(1, 120, 80)
	want := Of(upright).Print()
	for orientation, stored := range map[int]Orientation{
		1: Same, 2: FlippedLeftRight, 3: Turned180, 4: FlippedTopDown, 5: Transposed, 6: Turned90, 7: Antitransposed, 8: Turned270,
	} {
		data := encoded(t, func(w io.Writer) error { return jpeg.Encode(w, turn(upright, stored), &jpeg.Options{Quality: 98}) })
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			p, err := Open(oriented(data, order, orientation, 3), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if d := p.Print().PDQ.Distance(want.PDQ); d > 10 || p.EXIF != orientation {
				t.Errorf("orientation %d (%v): %d bits from the upright picture, EXIF %d", orientation, order, d, p.EXIF)
			}
			as, plain := p.AsStored(), Of(turn(upright, stored)).Print()
			if d := as.Print().PDQ.Distance(plain.PDQ); d > 10 || as.EXIF != 1 || as.Width != p.Width {
				t.Errorf("orientation %d: as stored, %d bits from the stored pixels", orientation, d)
			}
		}
	}
}

// Pixel by pixel, and sampled: the view of a stored picture is what turning it
// would give.
func TestAnOrientedViewIsThatOfTheTurnedPicture(t *testing.T) {
	for _, size := range []image.Point{{30, 20}, {600, 40}, {40, 520}} {
		up := drawn(2, size.X, size.Y)
		want := upright(size, 1).see(samplerOf(up))
		for orientation, stored := range []Orientation{Same, FlippedLeftRight, Turned180, FlippedTopDown, Transposed, Turned90, Antitransposed, Turned270} {
			img := turn(up, stored)
			got := upright(img.Bounds().Size(), orientation+1).see(samplerOf(img))
			if got.w != want.w || got.h != want.h || got.across != want.across || got.down != want.down {
				t.Fatalf("orientation %d: %d x %d, want %d x %d", orientation+1, got.w, got.h, want.w, want.h)
			}
			for i, v := range want.luma {
				if got.luma[i] != v {
					t.Fatalf("%v, orientation %d: sample %d is another", size, orientation+1, i)
				}
			}
		}
	}
}

func TestEXIFThatIsNoneLeavesThePictureAsItIs(t *testing.T) {
	plain := encoded(t, func(w io.Writer) error { return jpeg.Encode(w, drawn(3, 20, 20), nil) })
	good := oriented(plain, binary.BigEndian, 6, 0)
	if exifOrientation(good) != 6 {
		t.Fatal("the orientation is not read")
	}
	change := func(from, to string) []byte { return bytes.Replace(good, []byte(from), []byte(to), 1) }
	for name, data := range map[string][]byte{
		"none": plain, "orientation 0": oriented(plain, binary.BigEndian, 0, 0), "orientation 9": oriented(plain, binary.LittleEndian, 9, 0),
		"not EXIF": change("Exif", "Ezif"), "no byte order": change("MM\x00", "MX\x00"), "directory beyond the end": change("*\x00\x00\x00\x08", "*\xff\xff\xff\xff"),
		"another type": change("\x01\x12\x00\x03", "\x01\x12\x00\x04"), "another segment": change("\xff\xe1", "\xff\xe2"),
		"cut in the entry": good[:30], "cut in the header": good[:14], "only a start": good[:2], "nothing": nil,
		"segment beyond the end": change("\xff\xe1\x00", "\xff\xe1\xff"),
	} {
		if o := exifOrientation(data); o != 1 {
			t.Errorf("%s: orientation %d", name, o)
		}
	}
}

func FuzzEXIF(f *testing.F) {
	plain := []byte{0xff, 0xd8, 0xff, 0xda, 0, 2}
	for o := range 10 {
		f.Add(oriented(plain, binary.BigEndian, o, 1))
		f.Add(oriented(plain, binary.LittleEndian, o, 0))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := exifOrientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
