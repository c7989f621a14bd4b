package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// contract is a service of somebody else's that speaks the contract of
// CONTRACT.md: JSON over HTTP, several images in a request, an answer for each.
type contract struct {
	caller
	key ContractKey
}

func newContract(name string, o Options) *contract {
	k := o.Keys.Contracts[name]
	return &contract{newCaller(name, k.URL, o, k.Key), k}
}

func (c *contract) Terms() Terms {
	return Terms{Name: c.provider, Units: 1, Batch: 16, BatchBytes: googleBytes, ImageBytes: googleBytes,
		PerMinute: 60, Timeout: time.Minute, Host: c.host}
}

type contractRequest struct {
	Version int             `json:"version"`
	Images  []contractImage `json:"images"`
}

type contractImage struct {
	SHA1   string `json:"sha1"`
	MIME   string `json:"mime"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Data   []byte `json:"data"`
}

type contractAnswer struct {
	SHA1    string          `json:"sha1"`
	Matches []contractMatch `json:"matches"`
	Safety  *Safety         `json:"safety"`
	Error   *contractError  `json:"error"`
}

type contractMatch struct {
	URL     string `json:"url"`
	Page    string `json:"page"`
	Title   string `json:"title"`
	Percent int    `json:"percent"`
	Kind    Kind   `json:"kind"`
	Crawled string `json:"crawled"`
	Stock   bool   `json:"stock"`
}

type contractError struct {
	Code    string `json:"code"` // later or picture
	Message string `json:"message"`
}

func (c *contract) Ask(ctx context.Context, images []Image) ([]Answer, error) {
	r, err := postJSON(c.key.URL, c.request(images))
	if err != nil {
		err = c.fault(ErrKey, "", "Mend it", err)
		return failAll(images, err), err
	}
	if c.key.Key != "" {
		r.Header.Set("Authorization", "Bearer "+string(c.key.Key))
	}
	got, err := c.send(ctx, r)
	if err != nil {
		return failAll(images, err), err
	}
	return c.read(got, images)
}

func (c *contract) request(images []Image) contractRequest {
	all := contractRequest{Version: 1}
	for _, i := range images {
		all.Images = append(all.Images, contractImage{i.SHA1, i.MIME, i.Width, i.Height, i.Bytes})
	}
	return all
}

// read makes answers of what came back. Each names its image, so their order
// does not matter and what arrived of a broken answer counts.
func (c *contract) read(got reply, images []Image) ([]Answer, error) {
	var refused struct {
		Error contractError `json:"error"`
	}
	_ = json.Unmarshal(got.body, &refused) // what is no JSON says nothing
	if e := c.judge(got, refused.Error.Message); e != nil {
		return failAll(images, e), e
	}
	said, _ := elements(got.body, "answers") // what is missing is seen below
	lost := c.unreadable(got, fmt.Sprintf("%d answers for %d images", len(said), len(images)))
	answers, missing := failAll(images, lost), len(images)
	for _, text := range said {
		var a contractAnswer
		if err := json.Unmarshal(text, &a); err != nil {
			continue
		}
		for i := range answers {
			if answers[i].SHA1 == a.SHA1 && answers[i].Err == error(lost) {
				answers[i] = c.answer(a)
				missing--
			}
		}
	}
	if missing > 0 {
		return answers, lost
	}
	return answers, nil
}

func (c *contract) answer(said contractAnswer) Answer {
	a := Answer{SHA1: said.SHA1, Safety: said.Safety.bounded()}
	if said.Error != nil {
		a.Err = c.imageFault(*said.Error)
		return a
	}
	for _, m := range said.Matches {
		if m.Kind != Full && m.Kind != Page {
			m.Kind = Partial
		}
		a.Matches = append(a.Matches, Match{URL: m.URL, Page: m.Page, PageTitle: m.Title, Percent: m.Percent,
			Kind: m.Kind, Crawled: day(m.Crawled), Stock: m.Stock})
	}
	a.Matches = tidy(a.Matches, c.provider, c.now())
	return a
}

func (c *contract) imageFault(e contractError) error {
	if e.Code == "picture" {
		return c.fault(ErrPicture, c.words(e.Message), "Other services are asked about this picture", nil)
	}
	return c.fault(ErrLater, c.words(e.Message), "The bot asks for this image again later", nil)
}

// bounded keeps ratings from 0 to 5.
func (s *Safety) bounded() *Safety {
	if s == nil {
		return nil
	}
	within := func(n int) int { return min(max(n, 0), 5) }
	return &Safety{within(s.Adult), within(s.Spoof), within(s.Medical), within(s.Violence), within(s.Racy)}
}
