package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// corsHeaders are what a page of another site may send along.
func corsHeaders(authorized bool) []string {
	plain := []string{"accept", "accept-language", "content-language", "content-type", "api-user-agent", "promise-non-write-api-action"}
	if authorized {
		return append(plain, "authorization")
	}
	return plain
}

// cors answers what a browser asks for a page of another site (API:Cross-site
// requests, ApiMain::handleCORS): origin=* is any site, read as a stranger;
// origin=<the wiki's server> is a gadget there, which may log in. Anything else
// gets no header that lets it read the answer, and no answer. It says whether to go on.
func (c *call) cors(w http.ResponseWriter) bool {
	origin, given := c.values["origin"]
	c.used["origin"] = true
	if !given {
		if c.r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
		}
		return true
	}
	h := w.Header()
	any := origin == "*"
	if !any {
		h.Add("Vary", "Origin")
		if origin != c.r.Header.Get("Origin") || origin != c.wikiOrigin() {
			h.Set("MediaWiki-CORS-Rejection", "Origin mismatch")
			http.Error(w, "'origin' is * or the server of this bot's wiki, and matches the header Origin", http.StatusForbidden)
			return false
		}
	}
	if c.r.Method == http.MethodOptions {
		return c.preflight(w, !any)
	}
	if any && c.r.Header.Get("Authorization") != "" {
		h.Set("MediaWiki-Login-Suppressed", "1")
	}
	c.allowOrigin(h, origin)
	h.Set("Access-Control-Expose-Headers", "MediaWiki-API-Error, Retry-After, MediaWiki-Login-Suppressed")
	return true
}

func (c *call) allowOrigin(h http.Header, origin string) {
	h.Set("Access-Control-Allow-Origin", origin)
	if origin != "*" {
		// mw.ForeignApi always asks with credentials. There are no cookies here
		// that would come along.
		h.Set("Access-Control-Allow-Credentials", "true")
	}
}

// preflight answers OPTIONS: which headers may follow.
func (c *call) preflight(w http.ResponseWriter, authorized bool) bool {
	h, allowed := w.Header(), corsHeaders(authorized)
	asked := c.r.Header.Get("Access-Control-Request-Headers")
	for name := range strings.SplitSeq(asked, ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(allowed, name) {
			h.Set("MediaWiki-CORS-Rejection", "Unsupported header requested in preflight")
			w.WriteHeader(http.StatusNoContent)
			return true
		}
	}
	if asked != "" {
		h.Set("Access-Control-Allow-Headers", strings.Join(allowed, ", "))
	}
	h.Set("Access-Control-Allow-Methods", "POST, GET, HEAD")
	h.Set("Access-Control-Max-Age", "600")
	c.allowOrigin(h, c.values["origin"])
	w.WriteHeader(http.StatusNoContent)
	return true
}

// wikiOrigin is the wiki's server as a browser writes it.
func (c *call) wikiOrigin() string {
	u, err := url.Parse(c.world.Wiki.URL("Main Page"))
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
