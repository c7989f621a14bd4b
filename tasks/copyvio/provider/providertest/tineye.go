package providertest

import (
	"bytes"
	"cmp"
	"image"
	_ "image/gif" // the formats that TinEye takes
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"slices"
	"strconv"
)

// tineyeSmallest is the shorter side of the smallest image that has a signature, in pixels.
const tineyeSmallest = 50

// tineyeMay refuses what has no key in the header, or one in the address as
// the API had it until 2021.
func (s *Server) tineyeMay(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Query().Has("api_key") || r.URL.Query().Has("api_sig") {
		s.fault("tineye: the key stands in the address")
	} else if r.Header.Get("x-api-key") == TinEyeKey {
		return true
	} else {
		s.fault("tineye: no key, or a wrong one")
	}
	refuse(w, tineyeVoice{}, KeyRefused)
	return false
}

func (s *Server) tineyeSearch(w http.ResponseWriter, r *http.Request) {
	if !s.tineyeMay(w, r) {
		return
	}
	content, why := tineyeImage(r)
	if why != "" {
		s.fault("tineye: " + why)
		write(w, 400, tineyeError(400, why, "The image cannot be searched for."))
		return
	}
	if s.left() <= 0 {
		s.arrived(TinEye, []string{sumOf(content)})
		refuse(w, tineyeVoice{}, NoFunds)
		return
	}
	s.answer(w, r, TinEye, []string{sumOf(content)}, 1, tineyeVoice{r})
}

// tineyeImage is the image of a search, or the sort of error that it makes.
func tineyeImage(r *http.Request) (content []byte, why string) {
	if r.Method == http.MethodGet {
		address := r.URL.Query().Get("image_url")
		if address == "" {
			return nil, "INVALID_URL"
		}
		return []byte(address), ""
	}
	file, _, err := r.FormFile("image_upload")
	if err != nil {
		return nil, "NO_IMAGE_UPLOAD"
	}
	defer file.Close()
	content, err = io.ReadAll(file)
	if err != nil {
		return nil, "NO_IMAGE_UPLOAD"
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case err != nil:
		return nil, "UNSUPPORTED_FORMAT"
	case min(config.Width, config.Height) < tineyeSmallest:
		return nil, "NO_SIGNATURE_ERROR"
	}
	return content, ""
}

func (s *Server) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o.Searches
}

func (s *Server) tineyeRemaining(w http.ResponseWriter, r *http.Request) {
	if !s.tineyeMay(w, r) {
		return
	}
	left := s.left()
	write(w, 200, tineyeBody(object{"total_remaining_searches": left, "bundles": list{
		object{"remaining_searches": left, "start_date": "2026-01-17 03:42:50 UTC", "expire_date": "2028-01-17 03:42:50 UTC"}}}))
}

func (s *Server) tineyeCount(w http.ResponseWriter, r *http.Request) {
	if s.tineyeMay(w, r) {
		write(w, 200, tineyeBody(70_000_000_000))
	}
}

// tineyeVoice pages its matches as the request says.
type tineyeVoice struct{ r *http.Request }

func (v tineyeVoice) body(sums []string, scenes []Scenario) any {
	matches := list{}
	for _, f := range v.page(findings(scenes[0], sums[0])) {
		tags := list{}
		if f.stock {
			tags = append(tags, "stock")
		}
		matches = append(matches, object{"domain": "example.net", "top_level_domain": "example.net", "score": f.score,
			"width": 531, "height": 451, "size": 239481, "filesize": 239481, "format": "JPEG", "tags": tags,
			"query_hash": sums[0], "image_url": "http://img.tineye.com/result/" + sums[0], "overlay": "overlay/" + sums[0],
			"backlinks": list{object{"url": f.image, "backlink": f.page, "crawl_date": f.crawled}}})
	}
	return tineyeBody(object{"matches": matches})
}

// page sorts and cuts out what offset, limit and order ask for.
func (v tineyeVoice) page(found []finding) []finding {
	q := v.r.URL.Query()
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(b.score, a.score) })
	if q.Get("order") == "asc" {
		slices.Reverse(found)
	}
	offset, _ := strconv.Atoi(q.Get("offset"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 100
	}
	from := min(max(offset, 0), len(found))
	return found[from:min(from+max(limit, 0), len(found))]
}

func (tineyeVoice) refusal(scene Scenario) (int, any) {
	switch scene {
	case KeyRefused:
		return 401, tineyeError(401, "AUTHORIZATION_ERROR", "The API key is invalid.")
	case NoFunds:
		return 402, tineyeError(402, "NO_SEARCHES_LEFT", "There are no searches left in your bundles.")
	case BusyThenOK:
		return 429, tineyeError(429, "TOO_MANY_REQUESTS", "There were too many requests.")
	case BadImage:
		return 400, tineyeError(400, "NO_SIGNATURE_ERROR", "The image is too simple to be identified.")
	case ImageError:
		return 200, tineyeError(503, "SERVER_BUSY", "The service is busy due to high load.") // it was seen under 200
	}
	return 500, tineyeError(500, "SERVER_ERROR", "There was an error.")
}

func tineyeError(code int, sort, text string) object {
	return object{"code": code, "messages": list{sort, text}, "results": list{}, "stats": object{}}
}

// tineyeBody is a success; some numbers in stats are texts.
func tineyeBody(results any) object {
	return object{"code": 200, "messages": list{}, "results": results,
		"stats": object{"timestamp": "1488909217.20", "query_time": "4.74", "total_results": 3}}
}
