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

// Fitting is the address to ask for when the file is wanted at width pixels: a
// standard width that is at least that. A file that is no wider is answered by
// its original where browsers show its type, and otherwise (TIFF, PDF) by a
// picture of its own width; SVG is scaled up. Beyond the last step the width
// stays as it is. An original of unknown width is 0.
//
// The host stays, but that an original is never on the host of thumbnails. A
// signature is dropped, as it belongs to the former address.
func (u *URL) Fitting(width, original int) *URL {
	fit := u.copied()
	vector := IsVector(u.Name)
	width = AdjustWidth(width, original, vector)
	enough := !vector && original > 0 && width >= original
	switch u.Form {
	case Transcoded:
		return fit
	case ThumbPHP, FilePath, Redirect:
		if fit.Thumb == nil {
			fit.Thumb = &Thumbnail{}
		}
		fit.Thumb.Width = width
		return fit
	}
	if enough && asItIs(u.Name) && u.Form != ThumbHandler {
		return fit.toOriginal()
	}
	if enough {
		width = original
	}
	return fit.toThumb(width)
}

// copied is the address again, without its signature, free to be changed.
func (u *URL) copied() *URL {
	c := *u
	c.Signature = ""
	c.Others = append([]Param(nil), u.Others...)
	c.Damage = nil
	if u.Thumb != nil {
		thumb := *u.Thumb
		c.Thumb = &thumb
	}
	return &c
}

// toOriginal turns a thumbnail's address into that of its file.
func (u *URL) toOriginal() *URL {
	switch u.Form {
	case Thumb:
		u.Form = Original
	case ArchiveThumb:
		u.Form = Archive
	}
	if u.Thumb != nil && u.Provenance.Content == ContentThumbnail {
		u.Provenance.Content = ContentUnscaled
	}
	u.Thumb = nil
	if u.Host == ThumbHost {
		u.Host = UploadHost
	}
	return u
}

// toThumb turns a file's address into that of a thumbnail, or changes its width.
func (u *URL) toThumb(width int) *URL {
	switch u.Form {
	case Original:
		u.Form = Thumb
	case Archive:
		u.Form = ArchiveThumb
	}
	if u.Thumb == nil {
		u.Thumb = defaultThumb(u.Name)
	}
	u.Thumb.Width = width
	if u.Provenance.Content != "" {
		u.Provenance.Content = ContentThumbnail
	}
	return u
}
