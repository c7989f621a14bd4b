package mediaurl

// Class of the source that made an address.
type Class string

// Classes.
const (
	Web     Class = "web"   // campaigns parser, index, job
	API     Class = "api"   // campaigns api, imageinfo, rest
	Dumps   Class = "dumps" // campaign dumps
	Unknown Class = "unknown"
)

// Class of what the address says it was made by. Anybody can write that; only
// a signature proves it.
func (p Provenance) Class() Class {
	switch p.Campaign {
	case "parser", "index", "job":
		return Web
	case "api", "imageinfo", "rest":
		return API
	case "dumps":
		return Dumps
	}
	return Unknown
}

// Values of utm_content.
const (
	ContentOriginal  = "original"
	ContentThumbnail = "thumbnail"
	ContentUnscaled  = "thumbnail_unscaled" // the original, used as a thumbnail
)

// Maker is what makes an address, as MediaWiki knows itself.
type Maker struct {
	Wiki       string // server name: "en.wikipedia.org"
	Generator  string // "parser", "imageinfo"; empty: none named itself
	EntryPoint string // "index", "api", "rest", "job"
	Content    string // ContentOriginal or ContentThumbnail
}

// Append adds provenance as File::appendRequestProvenance() of MediaWiki 1.46
// does: the wiki named first stays; the generator wins over what the address
// says, and that over the entry point; an original used as a thumbnail becomes
// ContentUnscaled; what is empty leaves the address as it was.
func (m Maker) Append(u *URL) {
	own := Provenance{Source: u.Provenance.Source, Campaign: m.Generator, Content: m.Content}
	if own.Source == "" {
		own.Source = m.Wiki
	}
	if own.Campaign == "" {
		own.Campaign = u.Provenance.Campaign
	}
	if own.Campaign == "" {
		own.Campaign = m.EntryPoint
	}
	if m.Content == ContentThumbnail && (u.Provenance.Content == ContentOriginal || u.Provenance.Content == ContentUnscaled) {
		own.Content = ContentUnscaled
	}
	u.SetProvenance(own)
}

// SetProvenance writes the values of own over those of the address; empty ones
// leave what is there. A signature that no longer fits is dropped.
func (u *URL) SetProvenance(own Provenance) {
	p := u.Provenance
	for _, v := range []struct {
		to   *string
		from string
	}{{&p.Source, own.Source}, {&p.Campaign, own.Campaign}, {&p.Content, own.Content}} {
		if v.from != "" {
			*v.to = v.from
		}
	}
	if p != u.Provenance {
		u.Provenance, u.Signature = p, ""
	}
}
