package provenance

import (
	"net/url"
	"path"
	"regexp"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/templates"
)

// table is the probe as the overview and the command show it.
func (r probeRow) table() templates.ProvenanceProbe {
	shown := templates.ProvenanceProbe{File: r.File, Time: timeOf(r.Time)}
	for _, e := range r.Emitted {
		shown.Rows = append(shown.Rows, e.described())
	}
	return shown
}

// described takes an address apart.
func (e emitted) described() templates.ProvenanceEmitted {
	row := templates.ProvenanceEmitted{Way: e.Way, Offered: e.URL != "", URL: e.URL}
	u, err := url.Parse(e.URL)
	if err != nil || e.URL == "" {
		return row
	}
	query := u.Query()
	row.Host, row.Source, row.Campaign, row.Content = u.Host, query.Get("utm_source"), query.Get("utm_campaign"), query.Get("utm_content")
	row.HasAnything = row.Source+row.Campaign+row.Content != ""
	if media, err := mediaurl.Parse(e.URL); err == nil && media.Thumb != nil {
		row.Width = media.Thumb.Width
	} else if m := widthInName.FindStringSubmatch(path.Base(u.Path)); m != nil {
		row.Width = int(idOf(m[1]))
	}
	row.Step, row.OffStep = mediaurl.IsStep(row.Width), row.Width > 0 && !mediaurl.IsStep(row.Width)
	return row
}

// widthInName is the width in the name of a thumbnail.
var widthInName = regexp.MustCompile(`(?:^|-)(\d{1,5})px-`)
