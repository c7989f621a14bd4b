package imagehash

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/tasks/copyvio/imagehash/baseline"
)

// Each .jpg has beside it what djpeg of libjpeg-turbo made of it.
func TestColourConversionIsThatOfLibjpegBitByBit(t *testing.T) {
	all, err := filepath.Glob("baseline/testdata/*.ppm")
	if err != nil || len(all) < 8 {
		t.Fatal("where are the pictures?", err)
	}
	for _, path := range all {
		img, err := baseline.Decode(read(t, strings.TrimSuffix(path, ".ppm")+".jpg"))
		if err != nil {
			continue // progressive: image/jpeg rounds otherwise
		}
		size := img.Bounds().Size()
		rgb, ok := bytes.CutPrefix(read(t, path), fmt.Appendf(nil, "P6\n%d %d\n255\n", size.X, size.Y))
		if !ok {
			t.Fatalf("%s is not of size %v", path, size)
		}
		g := upright(size, 1).see(samplerOf(img))
		for i, got := range g.luma {
			if want := luma(rgb[3*i], rgb[3*i+1], rgb[3*i+2]); got != want {
				t.Errorf("%s: luma of pixel %d,%d is %v, want %v", path, i%size.X, i/size.X, got, want)
				break
			}
		}
	}
}

// No libjpeg is at hand for these: a picture of one colour has it everywhere,
// however colours are shared.
func TestAnySharingOfColoursKeepsAnEvenColour(t *testing.T) {
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		for _, size := range []image.Point{{1, 1}, {2, 5}, {5, 2}, {9, 7}, {40, 33}} {
			img := image.NewYCbCr(image.Rectangle{Max: size}, ratio)
			for _, plane := range []struct {
				pix []byte
				v   byte
			}{{img.Y, 100}, {img.Cb, 90}, {img.Cr, 200}} {
				copy(plane.pix, bytes.Repeat([]byte{plane.v}, len(plane.pix)))
			}
			for _, got := range upright(size, 1).see(samplerOf(img)).luma {
				if want := luma(201, 62, 33); got != want {
					t.Fatalf("%v %v: luma is %v, want %v", ratio, size, got, want)
				}
			}
		}
	}
}

func TestThereIsAPictureForEverySharingThatJPEGsUse(t *testing.T) {
	want := map[image.YCbCrSubsampleRatio]bool{image.YCbCrSubsampleRatio444: true, image.YCbCrSubsampleRatio422: true,
		image.YCbCrSubsampleRatio420: true, image.YCbCrSubsampleRatio440: true}
	all, _ := os.ReadDir("baseline/testdata")
	for _, e := range all {
		if filepath.Ext(e.Name()) == ".jpg" {
			img, _ := baseline.Decode(read(t, "baseline/testdata/"+e.Name()))
			if img, ok := img.(*image.YCbCr); ok {
				delete(want, img.SubsampleRatio)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("there is no picture with %v", want)
	}
}
