package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"time"
)

const yandexEndpoint = "https://searchapi.api.cloud.yandex.net/v2/image/search_by_image"

// yandexBytes is the longest picture: 3,145,728 bytes once it is in base64.
const yandexBytes = 3_145_728 / 4 * 3

// yandex is the image search of Yandex' Search API, version 2
// (https://github.com/yandex-cloud/cloudapi, yandex/cloud/searchapi/v2). It
// gives no degree of likeness: every match is partial, with pagePercent.
type yandex struct {
	caller
	key      YandexKey
	endpoint string
}

func newYandex(o Options) *yandex {
	k := o.Keys.Yandex
	endpoint := cmp.Or(k.Endpoint, yandexEndpoint)
	return &yandex{newCaller(yandexName, endpoint, o, k.Key), k, endpoint}
}

func (y *yandex) Terms() Terms {
	return Terms{Name: yandexName, Units: 1, Batch: 1, ImageBytes: yandexBytes,
		PerMinute: 60, Timeout: time.Minute, Host: y.host}
}

type yandexRequest struct {
	Folder string `json:"folderId"`
	Data   []byte `json:"data"`
}

// yandexResponse leaves an empty list out, as all JSON made of proto3 does.
type yandexResponse struct {
	Images *[]struct {
		URL       string `json:"url"`
		PageURL   string `json:"pageUrl"`
		PageTitle string `json:"pageTitle"`
	} `json:"images"`
	ID      string `json:"id"`
	Message string `json:"message"` // of an error
	Code    int    `json:"code"`
}

func (y *yandex) Ask(ctx context.Context, images []Image) ([]Answer, error) {
	return oneByOne(images, func(image Image) (Answer, error) {
		r, err := postJSON(y.endpoint, yandexRequest{y.key.Folder, image.Bytes})
		if err != nil {
			return Answer{}, y.fault(ErrKey, "", "Mend it", err)
		}
		r.Header.Set("Authorization", "Api-Key "+string(y.key.Key))
		got, err := y.send(ctx, r)
		if err != nil {
			return Answer{}, err
		}
		return y.read(got)
	})
}

func (y *yandex) read(got reply) (Answer, error) {
	var said yandexResponse
	wrong := json.Unmarshal(got.body, &said)
	if e := y.judge(got, said.Message); e != nil {
		return Answer{}, e
	}
	if wrong != nil || got.cut != nil {
		return Answer{}, y.unreadable(got, "it is no whole JSON of the known form")
	}
	if said.Images == nil && (said.Message != "" || said.Code != 0) {
		return Answer{}, y.unreadable(got, "it says "+y.words(said.Message))
	}
	var a Answer
	if said.Images == nil {
		return a, nil
	}
	for _, i := range *said.Images {
		a.Matches = append(a.Matches, Match{URL: i.URL, Page: i.PageURL, PageTitle: i.PageTitle, Percent: pagePercent, Kind: Partial})
	}
	a.Matches = tidy(a.Matches, yandexName, y.now())
	return a, nil
}

// oneByOne asks a service that takes one image in a request. After an error
// nothing more is sent: the rest is answered with it.
func oneByOne(images []Image, ask func(Image) (Answer, error)) ([]Answer, error) {
	answers := make([]Answer, len(images))
	for i, image := range images {
		a, err := ask(image)
		if err != nil {
			copy(answers[i:], failAll(images[i:], err))
			return answers, err
		}
		a.SHA1 = image.SHA1
		answers[i] = a
	}
	return answers, nil
}
