// Package provider asks reverse-image services where else on the web an image
// stands.
//
// # Model
//
// An [Image] is known by the SHA-1 of the file that it shows; what is sent is
// its bytes, usually those of a thumbnail, never an address that a service
// would have to fetch. A [Service] is one provider: it turns images into
// answers and remembers nothing. The [Desk] decides which service is asked for
// which image, keeps the budgets, and remembers every answer:
//
//	images → answered before? → cheapest service within budget → intent stored
//	       → request → answer stored → found nothing? the next service
//
// What must hold:
//
//   - An image is never lost: for each one given, the desk returns a [Result]
//     that says what is known and, if more is to come, when to ask again.
//   - A service is asked about an image once. Its answer is stored before it is
//     returned, also that of a batch of which the rest failed.
//   - An image is paid for at most once. What may have been paid for and cannot
//     be read (a time-out, an answer cut short, the death of this process in
//     the middle of a call) is doubtful and is not asked again by itself; a
//     person can, with [Inquiry].Again.
//   - Units are taken from the budget before a request is sent, and given back
//     only when the service evidently did not do the work.
//   - A match stands for one address of an image, however often and by
//     however many services it was given.
//   - What comes from a service is foreign: addresses are parsed, texts are
//     plain and short, everything is bounded. Keys stand in headers only, never
//     in an address, an error or the log.
//
// # Services
//
// Google Cloud Vision (google.go), Yandex Search API (yandex.go), TinEye
// (tineye.go), and any that speaks the bot's own contract (contract.go and
// CONTRACT.md). Bing and Pixsy cannot be asked; [NewService] says why.
package provider

import (
	"context"
	"time"
)

// Image is one image to be looked for.
type Image struct {
	SHA1          string // of the file as the wiki names it, 40 hex digits; the key of all that is remembered
	Bytes         []byte // what is sent: the file, or a thumbnail of it
	MIME          string // of Bytes, such as image/jpeg
	Width, Height int    // of Bytes, in pixels
}

// Kind says how much of the image stands at an address.
type Kind string

const (
	// Full is the whole image, perhaps in another size.
	Full Kind = "full"
	// Partial is a crop, an edited copy, or an image that holds this one.
	Partial Kind = "partial"
	// Page is a page that shows the image; where on it is not known.
	Page Kind = "page"
)

// Percentages for services that give none of their own.
const (
	fullPercent    = 100 // a full match of Google's
	partialPercent = 60  // a partial match of Google's
	pagePercent    = 50  // Google's page without an image of its own; all of Yandex's
)

// Match is one address where a service saw the image.
type Match struct {
	URL       string    `json:"url"`                 // of the image, or of the page where Kind is Page; http or https, at most 2000 bytes
	Page      string    `json:"page,omitempty"`      // that shows it; empty: unknown
	PageTitle string    `json:"pageTitle,omitempty"` // plain text, at most 200 characters
	Percent   int       `json:"percent"`             // 0 to 100: TinEye's score, else by kind
	Kind      Kind      `json:"kind"`
	Provider  string    `json:"provider"`         // that gave Percent and Kind
	Also      []string  `json:"also,omitempty"`   // other services that gave the same address
	Crawled   time.Time `json:"crawled,omitzero"` // earliest day it was seen there; zero: unknown
	Stock     bool      `json:"stock,omitempty"`  // it is offered there as a stock photo
}

// Safety rates an image from 0 (unknown) over 1 (very unlikely) to 5 (very
// likely), as Google's SafeSearch does
// (https://cloud.google.com/vision/docs/reference/rest/v1/AnnotateImageResponse#Likelihood).
type Safety struct {
	Adult    int `json:"adult"`
	Spoof    int `json:"spoof"`
	Medical  int `json:"medical"`
	Violence int `json:"violence"`
	Racy     int `json:"racy"`
}

// Answer is what one service said about one image. Without Err, no Matches
// means that it found nothing.
type Answer struct {
	SHA1    string
	Matches []Match
	Safety  *Safety // nil: not asked, or not answered
	Err     error   // about this image only, an [*Error]
}

// Service is one provider. Ask sends one request for at most Terms().Batch
// images and returns an answer for each, in their order. An error is an
// [*Error]; the answers that come beside it are whole ones that did arrive,
// and an image without one has an Answer whose Err says so.
type Service interface {
	Terms() Terms
	Ask(ctx context.Context, images []Image) ([]Answer, error)
}

// Terms are what a service demands.
type Terms struct {
	Name       string
	Units      int           // billed for one image
	Batch      int           // images in one request
	BatchBytes int           // of the images in one request as sent, 0: no limit
	ImageBytes int           // of one image, before it is encoded
	Formats    []string      // MIME types; empty: whatever is an image
	PerMinute  int           // requests that it bears, 0: no limit
	Timeout    time.Duration // of one request
	Host       string        // where requests go, for Env.Fetch
}
