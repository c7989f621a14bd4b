package mediaurl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Repository is where a wiki keeps its files.
type Repository struct {
	Scheme    string // "https"; empty: protocol-relative, or relative where Host is empty too
	Host      string
	ThumbHost string // of scaled pictures, where that is another one
	Base      string // path before the hash folders: "/wikipedia/commons", "/images"
	Scripts   string // path of thumb.php and thumb_handler.php: "/w"
	Pages     string // path of special pages: "/wiki"
	Flat      bool   // without hash folders
}

// Wikimedia is the repository of one of Wikimedia's wikis: ("wikipedia",
// "commons"), ("wiktionary", "de").
func Wikimedia(project, wiki string) Repository {
	return Repository{Scheme: "https", Host: UploadHost, ThumbHost: ThumbHost, Base: "/" + project + "/" + wiki}
}

// Build makes the address of a file, in a form and at a width in pixels; 0
// leaves the width out, which thumbnails cannot. The name may be a title
// ("File:A b.jpg"), in the forms of old versions with their time before it
// ("20200131235959!A b.jpg"). A width is taken as it is: Fitting chooses a
// standard one. Transcoded files cannot be built, since their names follow the
// wiki's settings.
func (r Repository) Build(form Form, name string, width int) (*URL, error) {
	u := &URL{Form: form, Scheme: r.Scheme, Host: r.Host, Base: r.Base}
	if !u.title(name) || strings.ContainsAny(u.Name, "#<>[]|{}\n") {
		return nil, fmt.Errorf("%q is no name of a file; write it as in Example.jpg or File:Example.jpg", name)
	}
	if width < 0 || width > 999999 {
		return nil, fmt.Errorf("a width of %d pixels is out of range", width)
	}
	switch form {
	case Original, Archive, Thumb, ArchiveThumb:
		return u, r.stored(u, width)
	case ThumbHandler:
		u.Base = r.Scripts
		return u, r.stored(u, width)
	case ThumbPHP:
		u.Base = r.Scripts
		u.Thumb = &Thumbnail{Width: width}
	case FilePath, Redirect:
		u.Base = r.Pages
		if width > 0 {
			u.Thumb = &Thumbnail{Width: width}
		}
	default:
		return nil, fmt.Errorf("addresses of the form %q cannot be built", form)
	}
	return u, nil
}

// stored fills in what the forms have that name a file by its path.
func (r Repository) stored(u *URL, width int) error {
	if old := oldName.FindStringSubmatch(u.Name); old != nil && u.Form != Original && u.Form != Thumb {
		u.Archived, u.Name = old[1], old[2]
	}
	if u.Archived == "" && (u.Form == Archive || u.Form == ArchiveThumb) {
		return fmt.Errorf("an old version is named by its time, as in 20200131235959!%s", u.Name)
	}
	if !r.Flat {
		u.Folders = Folders(u.Name)
	}
	if u.Form == Original || u.Form == Archive {
		return nil
	}
	if width == 0 {
		return fmt.Errorf("a thumbnail of %s needs a width", u.Name)
	}
	if u.Form != ThumbHandler {
		u.Host = cmp.Or(r.ThumbHost, r.Host)
	}
	u.Thumb = defaultThumb(u.Name)
	u.Thumb.Width = width
	return nil
}

// longName is from where a name is left out of those of its thumbnails, in
// bytes: Wikimedia's abbrvThreshold.
const longName = 160

// defaultThumb is how Wikimedia's media handlers name pictures of a file's type.
func defaultThumb(name string) *Thumbnail {
	t := &Thumbnail{Short: len(name) > longName}
	switch kind(name) {
	case "svg", "xcf", "webp", "stl":
		t.Suffix = ".png"
	case "tif", "tiff":
		t.Quality, t.Page, t.Suffix = "lossy", 1, ".jpg"
	case "pdf", "djvu":
		t.Page, t.Suffix = 1, ".jpg"
	case "webm", "ogv", "ogg", "mpg", "mpeg", "mp4", "mov":
		t.DoubleDash, t.Suffix = true, ".jpg"
	}
	return t
}

// kind is a name's extension in lower case.
func kind(name string) string {
	return strings.ToLower(strings.TrimPrefix(extensionOf(name), "."))
}

// asItIs says whether browsers show files of that type, so that MediaWiki hands
// out the original where no smaller picture is to be had.
func asItIs(name string) bool {
	return slices.Contains([]string{"jpg", "jpeg", "png", "gif"}, kind(name))
}

// IsVector says whether a file can be made wider without loss, by its name.
func IsVector(name string) bool { return kind(name) == "svg" }
