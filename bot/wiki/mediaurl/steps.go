package mediaurl

// Steps are the standard widths of thumbnails on Wikimedia's wikis, in pixels:
// https://www.mediawiki.org/wiki/Common_thumbnail_sizes
var Steps = [...]int{20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840}

// IsStep says whether a width is standard.
func IsStep(width int) bool {
	step, ok := NextStep(width)
	return ok && step == width
}

// NextStep is the smallest standard width that is at least width; ok is false beyond the last.
func NextStep(width int) (step int, ok bool) {
	for _, step := range Steps {
		if step >= width {
			return step, true
		}
	}
	return 0, false
}

// AdjustWidth is the width to ask for when a picture is wanted at width pixels:
// what mw.util.adjustThumbWidthForSteps() answers since MediaWiki 1.46. A
// raster is not scaled up: where the step is wider than the original, the
// answer is the original's width, and the original's own address has to be
// used (see Fitting). Beyond the last step the width stays as it is. An
// original of unknown width is 0.
func AdjustWidth(width, original int, vector bool) int {
	step, ok := NextStep(width)
	switch {
	case ok && original > 0 && step > original && !vector:
		return original
	case ok:
		return step
	}
	return width
}
