package providertest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
)

// contractAsked is a request as CONTRACT.md describes it.
type contractAsked struct {
	Version int `json:"version"`
	Images  []struct {
		SHA1 string `json:"sha1"`
		MIME string `json:"mime"`
		Data string `json:"data"`
	} `json:"images"`
}

func (s *Server) contract(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+ContractKey {
		s.fault("contract: no key, or a wrong one")
		refuse(w, contractVoice{}, KeyRefused)
		return
	}
	names, sums, why := contractImages(r)
	if why != "" {
		s.fault("contract: " + why)
		write(w, 400, object{"error": object{"message": why}})
		return
	}
	s.answer(w, r, Contract, sums, 1, contractVoice{names})
}

// contractImages are the names that a request gives its images, and theirs in
// the ledger, or why it is refused.
func contractImages(r *http.Request) (names, sums []string, why string) {
	var asked contractAsked
	body := http.MaxBytesReader(nil, r.Body, 10_000_000)
	switch err := json.NewDecoder(body).Decode(&asked); {
	case err != nil:
		return nil, nil, "no JSON, or too much of it"
	case asked.Version != 1:
		return nil, nil, "another version"
	case len(asked.Images) == 0 || len(asked.Images) > 16:
		return nil, nil, "1 to 16 images are allowed"
	}
	for _, image := range asked.Images {
		content, err := base64.StdEncoding.DecodeString(image.Data)
		if err != nil || len(image.SHA1) != 40 || len(content) == 0 {
			return nil, nil, "an image without a name or without data"
		}
		names, sums = append(names, image.SHA1), append(sums, sumOf(content))
	}
	return names, sums, ""
}

// contractVoice answers in the opposite order, which the contract allows.
type contractVoice struct{ names []string }

func (v contractVoice) body(sums []string, scenes []Scenario) any {
	answers := list{}
	for i, scene := range scenes {
		answer := object{"sha1": v.names[i]}
		switch scene {
		case ImageError:
			answer["error"] = object{"code": "later", "message": "the index is being rebuilt"}
		case BadImage:
			answer["error"] = object{"code": "picture", "message": "too small to be looked for"}
		default:
			answer["matches"] = contractMatches(findings(scene, sums[i]))
		}
		answers = append(answers, answer)
	}
	slices.Reverse(answers)
	return object{"answers": answers}
}

func contractMatches(found []finding) list {
	matches := list{}
	for _, f := range found {
		kind := "partial"
		if f.full {
			kind = "full"
		}
		matches = append(matches, object{"url": f.image, "page": f.page, "title": f.title, "percent": int(f.score),
			"kind": kind, "crawled": f.crawled, "stock": f.stock})
	}
	return matches
}

func (contractVoice) refusal(scene Scenario) (int, any) {
	status := map[Scenario]int{KeyRefused: 401, NoFunds: 402, BusyThenOK: 429}[scene]
	if status == 0 {
		status = 500
	}
	return status, object{"error": object{"message": http.StatusText(status)}}
}
