package providertest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// yandexLongest is the longest image, in base64.
const yandexLongest = 3_145_728

func (s *Server) yandex(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Api-Key "+YandexKey {
		s.fault("yandex: no key, or a wrong one")
		refuse(w, yandexVoice{}, KeyRefused)
		return
	}
	content, why := yandexImage(r)
	if why != "" {
		s.fault("yandex: " + why)
		write(w, 400, yandexError(3, why))
		return
	}
	s.answer(w, r, Yandex, []string{sumOf(content)}, 1, yandexVoice{})
}

// yandexImage is the image of a search, or why it is refused.
func yandexImage(r *http.Request) (content []byte, why string) {
	var asked struct {
		Folder string `json:"folderId"`
		URL    string `json:"url"`
		Data   string `json:"data"`
	}
	switch err := json.NewDecoder(r.Body).Decode(&asked); {
	case err != nil:
		return nil, "invalid JSON"
	case asked.Folder != folder:
		return nil, "folder_id: unknown"
	case len(asked.Data) > yandexLongest:
		return nil, "data: value length must be at most 3145728"
	case asked.Data == "" && asked.URL == "":
		return nil, "image: value is required"
	case asked.Data == "":
		return []byte(asked.URL), ""
	}
	content, err := base64.StdEncoding.DecodeString(asked.Data)
	if err != nil {
		return nil, "data: invalid base64"
	}
	return content, ""
}

type yandexVoice struct{}

func (yandexVoice) body(sums []string, scenes []Scenario) any {
	var images list
	for _, f := range findings(scenes[0], sums[0]) {
		images = append(images, object{"url": f.image, "format": "IMAGE_FORMAT_JPEG", "width": "531", "height": "451",
			"passage": f.title, "host": "example.net", "pageTitle": f.title, "pageUrl": f.page})
	}
	answer := object{"page": "0", "id": sums[0]}
	if images != nil {
		answer["images"] = images
	}
	return answer
}

func (yandexVoice) refusal(scene Scenario) (int, any) {
	switch scene {
	case KeyRefused:
		return 401, yandexError(16, "The API key is invalid")
	case NoFunds:
		return 402, yandexError(9, "The billing account is not active")
	case BusyThenOK:
		return 429, yandexError(8, "Too many requests")
	case BadImage:
		return 400, yandexError(3, "The image cannot be read")
	case ImageError:
		return 503, yandexError(14, "Unavailable")
	}
	return 500, yandexError(13, "Internal error")
}

func yandexError(code int, message string) object {
	return object{"code": code, "message": message, "details": list{}}
}
