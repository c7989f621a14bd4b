package sandbox

import (
	"html/template"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowedTags are the elements that a page may become; anything else is
// dropped with its tags, its text kept.
var allowedTags = strings.Fields("a b i u s del ins em strong small big sub sup code tt kbd samp var abbr cite q br wbr hr span div p blockquote center bdi bdo pre figure figcaption img table caption thead tbody tr td th ul ol li dl dt dd h1 h2 h3 h4 h5 h6 mark time")

var allowedAttributes = strings.Fields("class id title href src alt width height style rel colspan rowspan scope lang dir align valign name")

// sanitize parses HTML and writes it again with only what is on the lists:
// no scripts, no handlers, no foreign images, no addresses but of the web.
func sanitize(source string, imageHosts []string) template.HTML {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		return template.HTML(template.HTMLEscapeString(source))
	}
	var b strings.Builder
	for _, n := range nodes {
		writeClean(&b, n, imageHosts)
	}
	return template.HTML(b.String())
}

func writeClean(b *strings.Builder, n *html.Node, imageHosts []string) {
	if n.Type == html.TextNode {
		b.WriteString(html.EscapeString(n.Data))
		return
	}
	if n.Type != html.ElementNode || n.DataAtom == atom.Script || n.DataAtom == atom.Style {
		return
	}
	allowed := slices.Contains(allowedTags, n.Data) && n.Namespace == ""
	if allowed {
		b.WriteString("<" + n.Data)
		for _, a := range n.Attr {
			if v, ok := cleanAttribute(n.Data, a, imageHosts); ok {
				b.WriteString(" " + a.Key + `="` + html.EscapeString(v) + `"`)
			}
		}
		b.WriteString(">")
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		writeClean(b, child, imageHosts)
	}
	if allowed && !slices.Contains([]string{"br", "hr", "img", "wbr"}, n.Data) {
		b.WriteString("</" + n.Data + ">")
	}
}

var (
	safeStyle = regexp.MustCompile(`^[-a-zA-Z0-9#%.,:;!() ]*$`)
	badStyle  = regexp.MustCompile(`(?i)url|expression|javascript|behavio|binding|import|position\s*:\s*(fixed|absolute|sticky)`)
)

func cleanAttribute(tag string, a html.Attribute, imageHosts []string) (string, bool) {
	if a.Namespace != "" || !slices.Contains(allowedAttributes, a.Key) {
		return "", false
	}
	switch a.Key {
	case "href":
		return a.Val, tag == "a" && safeLink(a.Val)
	case "src":
		return a.Val, tag == "img" && slices.ContainsFunc(imageHosts, func(h string) bool { return strings.HasPrefix(a.Val, h) })
	case "style":
		return a.Val, safeStyle.MatchString(a.Val) && !badStyle.MatchString(a.Val)
	}
	return a.Val, true
}

func safeLink(url string) bool {
	lower := strings.ToLower(strings.TrimSpace(url))
	for _, prefix := range []string{"http://", "https://", "ftp://", "mailto:", "/", "#"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return false
}

// imageHosts are the addresses from which pages may show pictures.
func (w *Wiki) imageHosts() []string {
	hosts := []string{"/images/"}
	if w.farm != nil {
		hosts = append(hosts, w.farm.Repo.opts.Server+"/images/")
	}
	return hosts
}
