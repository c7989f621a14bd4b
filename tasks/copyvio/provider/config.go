package provider

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
)

// Orders in which services are asked.
const (
	cheapest = "cheapest"
	all      = "all"
)

// Names of the services that are built in.
const (
	googleName = "google"
	yandexName = "yandex"
	tineyeName = "tineye"
)

// Config is the part of config.json that says which services are asked.
type Config struct {
	Order    string         `json:"order" jsonschema:"title=Order,enum=cheapest,enum=all" jsonschema_description:"cheapest: the service that costs least is asked first, and the next one only about images of which the last found nothing. all: every service is asked about every image."`
	Services map[string]Use `json:"services" jsonschema:"title=Services" jsonschema_description:"By name: google, yandex, tineye, and those that the operator has added. Only services for which the operator has set a key are asked."`
}

// Use says for what one service is used, and how much.
type Use struct {
	Uploads  bool    `json:"uploads" jsonschema:"title=New uploads" jsonschema_description:"Whether it is asked about new uploads."`
	Checks   bool    `json:"checks" jsonschema:"title=Checks asked for" jsonschema_description:"Whether it is asked about files that somebody wants to be checked."`
	PerDay   int     `json:"perDay" jsonschema:"title=Units a day,minimum=0,maximum=1000000" jsonschema_description:"As the service counts them: google counts two for an image, web detection and SafeSearch, the others one. Days and months are those of UTC; with 0 it is not asked."`
	PerMonth int     `json:"perMonth" jsonschema:"title=Units a month,minimum=0,maximum=10000000"`
	Costs    float64 `json:"costs" jsonschema:"title=Costs,minimum=0,maximum=100000" jsonschema_description:"What a thousand images cost, in any currency that is the same for all services. Only the order comes of it."`
}

// DefaultConfig asks what the operator has keys for, and stays within what
// Google gives free of charge (1,000 units of each feature a month).
func DefaultConfig() Config {
	return Config{Order: cheapest, Services: map[string]Use{
		googleName: {Uploads: true, Checks: true, PerDay: 200, PerMonth: 2000, Costs: 5},
		yandexName: {Uploads: true, Checks: true, PerDay: 100, PerMonth: 1000, Costs: 10},
		tineyeName: {Uploads: true, Checks: true, PerDay: 50, PerMonth: 500, Costs: 40},
	}}
}

// Purpose is why an image is looked for.
type Purpose int

const (
	// Uploads are images that the bot looks for by itself.
	Uploads Purpose = iota
	// Checks are images that somebody asked it to look for.
	Checks
)

// allows tells whether a service may be asked for a purpose.
func (u Use) allows(p Purpose) bool {
	if p == Checks {
		return u.Checks
	}
	return u.Uploads
}

// order sorts names of services, the cheapest first.
func (c Config) order(names []string) []string {
	return slices.SortedFunc(slices.Values(names), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.Services[a].Costs, c.Services[b].Costs), cmp.Compare(a, b))
	})
}

// Secret is a text that is not to be shown: it prints as stars.
type Secret string

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString hides it from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides it from encoders such as JSON's.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Keys are what the operator sets. Communities see none of it. A service
// without its key is not asked. An empty Endpoint is the service's own.
type Keys struct {
	Google    GoogleKey
	Yandex    YandexKey
	TinEye    TinEyeKey
	Contracts map[string]ContractKey // by name, as in config.json
	// Most is what the operator allows a service, whatever config.json says;
	// a service that is not in it is bounded by config.json alone.
	Most map[string]Budget
}

// Budget is a number of units.
type Budget struct{ PerDay, PerMonth int }

// GoogleKey is for Cloud Vision: an API key, or a token of OAuth 2 where Key is empty.
type GoogleKey struct {
	Key, Token Secret
	NoSafety   bool   // ask for no SafeSearch ratings, which are billed as a second unit
	Endpoint   string // default https://vision.googleapis.com/v1/images:annotate
}

// YandexKey is for the Search API: the key of a service account and the folder it belongs to.
type YandexKey struct {
	Key      Secret
	Folder   string
	Endpoint string // default https://searchapi.api.cloud.yandex.net/v2/image/search_by_image
}

// TinEyeKey is for TinEye's API.
type TinEyeKey struct {
	Key      Secret
	Endpoint string // default https://api.tineye.com/rest/
}

// ContractKey is for a service that speaks the contract of CONTRACT.md.
type ContractKey struct {
	URL string
	Key Secret // sent as a bearer token; may be empty
}

// Hosts are the hosts that Env.Fetch must be allowed to reach for the services
// that have a key.
func Hosts(k Keys) []string {
	hosts := map[string]bool{}
	for _, address := range k.endpoints() {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			hosts[u.Host] = true
		}
	}
	return slices.Sorted(maps.Keys(hosts))
}

// endpoints are the addresses of the services that have a key, by name.
func (k Keys) endpoints() map[string]string {
	found := map[string]string{}
	if k.Google.Key != "" || k.Google.Token != "" {
		found[googleName] = cmp.Or(k.Google.Endpoint, googleEndpoint)
	}
	if k.Yandex.Key != "" {
		found[yandexName] = cmp.Or(k.Yandex.Endpoint, yandexEndpoint)
	}
	if k.TinEye.Key != "" {
		found[tineyeName] = cmp.Or(k.TinEye.Endpoint, tineyeEndpoint)
	}
	for name, c := range k.Contracts {
		found[name] = c.URL
	}
	return found
}
