package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// docref stands in every error, as MediaWiki's own does.
const docref = "See api.php without parameters for the modules of this API. They have the shape of https://www.mediawiki.org/wiki/API:Main_page."

// content is the key under which formatversion=1 has the text of an object.
const content = "*"

// reply writes the answer, or the envelope of an error. Both come with HTTP
// status 200, as MediaWiki's do.
func (c *call) reply(w http.ResponseWriter, err error) {
	if err != nil {
		c.envelope(w.Header(), err)
	}
	if len(c.limits) > 0 {
		c.out["limits"] = c.limits
	}
	c.addWarnings()
	c.addRequested()
	body, err := json.Marshal(c.old(c.out))
	if err != nil { // nothing of ours can fail to be encoded
		http.Error(w, "the answer could not be encoded", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client went away
}

// envelope puts an error in the place of what there was to say. What is no
// refusal is a fault of ours: it goes to the log, where the operator looks.
func (c *call) envelope(h http.Header, err error) {
	var e *refusal
	if !errors.As(err, &e) {
		c.api.log.Error().Err(err).Str("action", clip(c.values["action"])).Msg("the review API could not answer")
		e = fail("internal_api_error_Memory", "The bot could not read or keep what this needs; its log says why. Try again later.")
	}
	h.Set("MediaWiki-API-Error", e.code)
	if e.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int((e.wait+time.Second-1)/time.Second)))
	}
	c.out, c.limits = object{}, object{}
	if c.errors != "bc" {
		c.out["errors"] = []object{c.contentOf(formatted(c.errors, e.code, e.info, e.module, e.data))}
		c.out[c.key("docref")] = docref
		return
	}
	body := object{"code": e.code, "info": e.info, c.key("docref"): docref}
	for k, v := range e.data {
		body[k] = v
	}
	c.out["error"] = body
}

// key is the name of a text: its own, or in formatversion=1 the one for content.
func (c *call) key(name string) string {
	if c.version == 1 {
		return content
	}
	return name
}

// contentOf moves the text of a formatted message to where its version has it.
func (c *call) contentOf(item object) object {
	for _, name := range []string{"text", "html"} {
		if text, ok := item[name]; ok && c.version == 1 {
			delete(item, name)
			item[content] = text
		}
	}
	return item
}

func (c *call) addWarnings() {
	if len(c.warnings) == 0 {
		return
	}
	if c.errors != "bc" {
		var list []object
		for _, w := range c.warnings {
			list = append(list, c.contentOf(formatted(c.errors, w.code, w.text, w.module, w.data)))
		}
		c.out["warnings"] = list
		return
	}
	texts := map[string][]string{}
	for _, w := range c.warnings {
		name := w.module[strings.LastIndex(w.module, "+")+1:]
		texts[name] = append(texts[name], w.text)
	}
	all := object{}
	for name, said := range texts {
		all[name] = object{c.key("warnings"): strings.Join(said, "\n")}
	}
	c.out["warnings"] = all
}

// addRequested adds what a client asked for to answers and errors alike
// (ApiMain::addRequestedFields).
func (c *call) addRequested() {
	if _, asked := c.values["curtimestamp"]; asked {
		c.out["curtimestamp"] = timestamp(c.now)
	}
	if id, given := c.values["requestid"]; given {
		c.out["requestid"] = id
	}
	if _, asked := c.values["responselanginfo"]; asked {
		c.out["uselang"], c.out["errorlang"] = "en", "en"
	}
}

// old turns an answer into its form of formatversion=1, where true is an empty
// text and false is not there (API:JSON_version_2).
func (c *call) old(value any) any {
	if c.version != 1 {
		return value
	}
	switch v := value.(type) {
	case object:
		out := object{}
		for k, item := range v {
			switch item {
			case true:
				out[k] = ""
			case false:
			default:
				out[k] = c.old(item)
			}
		}
		return out
	case []object:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = c.old(item)
		}
		return out
	}
	return value
}

// timestamp is a time as the API writes it.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
