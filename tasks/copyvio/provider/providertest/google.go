package providertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// Limits of Cloud Vision.
const (
	googleImages = 16
	googleBytes  = 10 << 20
)

// googleAsked is what an annotate request holds.
type googleAsked struct {
	Requests []struct {
		Image struct {
			Content string `json:"content"`
			Source  struct {
				URI string `json:"imageUri"`
			} `json:"source"`
		} `json:"image"`
		Features []struct {
			Type string `json:"type"`
		} `json:"features"`
	} `json:"requests"`
}

func (s *Server) google(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("key") {
		s.fault("google: the key stands in the address")
	}
	if r.Header.Get("X-Goog-Api-Key") != GoogleKey && r.Header.Get("Authorization") != "Bearer "+GoogleKey {
		s.fault("google: no key, or a wrong one")
		refuse(w, googleVoice{}, KeyRefused)
		return
	}
	asked, why := googleRead(r)
	if why != "" {
		s.fault("google: " + why)
		write(w, http.StatusBadRequest, googleError(400, "INVALID_ARGUMENT", why, ""))
		return
	}
	var sums, features []string
	for _, one := range asked.Requests {
		sum, why := googleSum(one.Image.Content, one.Image.Source.URI)
		if why != "" {
			s.fault("google: " + why)
			write(w, http.StatusBadRequest, googleError(400, "INVALID_ARGUMENT", why, ""))
			return
		}
		sums = append(sums, sum)
		for _, f := range one.Features {
			features = append(features, f.Type)
		}
	}
	s.answer(w, r, Google, sums, len(features)/len(sums), googleVoice{features})
}

// googleRead reads a request, or says why it is refused.
func googleRead(r *http.Request) (asked googleAsked, why string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, googleBytes+1))
	switch {
	case err != nil:
		return asked, "the request breaks off"
	case len(body) > googleBytes:
		return asked, "Request payload size exceeds the limit: 10485760 bytes."
	case json.Unmarshal(body, &asked) != nil:
		return asked, "Invalid JSON payload received."
	case len(asked.Requests) == 0:
		return asked, "Request is empty."
	case len(asked.Requests) > googleImages:
		return asked, fmt.Sprintf("Too many images per request. Limit is %d.", googleImages)
	}
	for _, one := range asked.Requests {
		if len(one.Features) == 0 {
			return asked, "Request must specify features."
		}
	}
	return asked, ""
}

// googleSum names the image; where there are both content and an address, the content counts.
func googleSum(content, uri string) (sum, why string) {
	if content == "" && uri == "" {
		return "", "Request must specify image content or source."
	}
	if content == "" {
		return sumOf([]byte(uri)), ""
	}
	raw, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		return "", "Base64 decoding failed."
	}
	return sumOf(raw), ""
}

// googleVoice answers for the features that were asked for.
type googleVoice struct{ features []string }

func (v googleVoice) body(sums []string, scenes []Scenario) any {
	responses := list{}
	for i, scene := range scenes {
		switch scene {
		case ImageError:
			responses = append(responses, object{"error": object{"code": 14,
				"message": "We can not access the URL currently. Please download the content and pass it in."}})
		case BadImage:
			responses = append(responses, object{"error": object{"code": 3, "message": "Bad image data."}})
		default:
			responses = append(responses, v.response(scene, sums[i]))
		}
	}
	return object{"responses": responses}
}

// response leaves out what is empty, as JSON made of proto3 does.
func (v googleVoice) response(scene Scenario, sum string) object {
	response := object{}
	if found := findings(scene, sum); len(found) > 0 && slices.Contains(v.features, "WEB_DETECTION") {
		response["webDetection"] = googleWeb(found, sum)
	}
	if slices.Contains(v.features, "SAFE_SEARCH_DETECTION") {
		racy := "VERY_UNLIKELY"
		if scene == Unsafe {
			racy = "VERY_LIKELY"
		}
		response["safeSearchAnnotation"] = object{"adult": "UNLIKELY", "spoof": "VERY_UNLIKELY",
			"medical": "POSSIBLE", "violence": "VERY_UNLIKELY", "racy": racy}
	}
	return response
}

func googleWeb(found []finding, sum string) object {
	web := object{
		"webEntities":           list{object{"entityId": "/m/02p7_j8", "score": 1.2, "description": "Harbour"}},
		"visuallySimilarImages": list{object{"url": "https://alike.example.org/" + sum + ".jpg"}},
		"bestGuessLabels":       list{object{"label": "harbour", "languageCode": "en"}},
	}
	var pages list
	for _, f := range found {
		key := "partialMatchingImages"
		if f.full {
			key = "fullMatchingImages"
		}
		image := object{"url": f.image}
		known, _ := web[key].(list)
		web[key] = append(known, image)
		pages = append(pages, object{"url": f.page, "pageTitle": f.title, key: list{image}})
	}
	pages = append(pages, object{"url": "https://pages.example.org/" + sum, "pageTitle": "A page"})
	web["pagesWithMatchingImages"] = pages
	return web
}

func (googleVoice) refusal(scene Scenario) (int, any) {
	switch scene {
	case KeyRefused:
		return 401, googleError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "ACCESS_TOKEN_TYPE_UNSUPPORTED")
	case NoFunds:
		return 403, googleError(403, "PERMISSION_DENIED", "This API method requires billing to be enabled.", "BILLING_DISABLED")
	case BusyThenOK:
		return 429, googleError(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'.", "RATE_LIMIT_EXCEEDED")
	}
	return 500, googleError(500, "INTERNAL", "Internal error encountered.", "")
}

func googleError(code int, status, message, reason string) object {
	e := object{"code": code, "message": message, "status": status}
	if reason != "" {
		e["details"] = list{object{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}}
	}
	return object{"error": e}
}
