package mediaurl

import (
	"cmp"
	"strconv"
	"strings"
)

// String puts the address together, with its parameters in core's order: those
// that name the file and its size, utm_source, utm_campaign, utm_content, the
// signature, and the rest as it came.
func (u *URL) String() string {
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme + ":")
	}
	if u.Host != "" {
		b.WriteString("//" + u.Host)
	}
	b.WriteString(u.path())
	if query := writeQuery(u.query()); query != "" {
		b.WriteString("?" + query)
	}
	if u.Fragment != "" {
		b.WriteString("#" + u.Fragment)
	}
	return b.String()
}

// path of the address, encoded.
func (u *URL) path() string {
	base := escape(u.Base, "/")
	switch u.Form {
	case ThumbPHP:
		return base + "/thumb.php"
	case FilePath, Redirect:
		if u.InTitle {
			return cmp.Or(base, "/")
		}
		return base + "/" + escape(u.pageTitle(), ";@$!*(),/:")
	}
	segments := u.zones()
	if u.Folders != "" {
		segments = append(segments, strings.Split(u.Folders, "/")...)
	}
	segments = append(segments, u.storedName())
	switch {
	case u.Form == Transcoded:
		segments = append(segments, u.Name+"."+u.Transcode)
	case u.Thumb != nil:
		segments = append(segments, u.Thumb.segment(u.Name))
	}
	for _, segment := range segments {
		base += "/" + escape(segment, "")
	}
	return base
}

// zones are the folders of the form.
func (u *URL) zones() []string {
	switch u.Form {
	case Thumb:
		return []string{"thumb"}
	case Archive:
		return []string{"archive"}
	case ArchiveThumb:
		return []string{"thumb", "archive"}
	case Transcoded:
		return []string{"transcoded"}
	case ThumbHandler:
		if u.Archived != "" {
			return []string{"thumb_handler.php", "archive"}
		}
		return []string{"thumb_handler.php"}
	}
	return nil
}

// storedName is what the file is called where it is kept.
func (u *URL) storedName() string {
	if u.Archived != "" {
		return u.Archived + "!" + u.Name
	}
	return u.Name
}

// pageTitle is the special page with its file.
func (u *URL) pageTitle() string {
	page := u.Page
	if page == "" {
		page, _, _ = strings.Cut(string(u.Form), "/")
	}
	if u.Form == Redirect {
		page += "/file"
	}
	return page + "/" + u.Name
}

// query is all parameters in order.
func (u *URL) query() []Param {
	var params []Param
	add := func(name, value string) {
		if value != "" {
			params = append(params, Param{name, value})
		}
	}
	if u.InTitle {
		add("title", u.pageTitle())
	}
	if u.Form == ThumbPHP {
		add("f", u.storedName())
	}
	if t := u.Thumb; t != nil && (u.Form == ThumbPHP || u.Form == FilePath || u.Form == Redirect) {
		add("width", number(t.Width))
		if u.Form == ThumbPHP {
			add("page", number(t.Page))
			add("lang", t.Lang)
		}
	}
	if u.Form == ThumbPHP && u.Archived != "" {
		add("archived", "1")
	}
	add(ParamSource, u.Provenance.Source)
	add(ParamCampaign, u.Provenance.Campaign)
	add(ParamContent, u.Provenance.Content)
	add(ParamSignature, u.Signature)
	return append(params, u.Others...)
}

// number is empty for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
