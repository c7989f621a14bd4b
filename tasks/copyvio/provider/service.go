package provider

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// serviceName is what a service of an operator's own may be called.
var serviceName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Readable is a service's name as people know it.
func Readable(name string) string {
	switch name {
	case googleName:
		return "Google Cloud Vision"
	case yandexName:
		return "Yandex"
	case tineyeName:
		return "TinEye"
	}
	return name
}

// NewService makes the service of that name, if the operator has set what it
// demands. Otherwise the error, an [*Error], says what is missing. Bing's and
// Pixsy's names get the answer why they cannot be asked.
func NewService(name string, o Options) (Service, error) {
	if err := retired(name); err != nil {
		return nil, err
	}
	address, has := o.Keys.endpoints()[name]
	switch u, err := url.Parse(address); {
	case !has:
		return nil, &Error{Kind: ErrKey, Provider: name, Detail: "there is none", Next: demand(name)}
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, &Error{Kind: ErrKey, Provider: name, Detail: "its endpoint is no address of the web",
			Next: "Write it in full in the operator's settings, such as https://search.example.org/images"}
	case name == yandexName && o.Keys.Yandex.Folder == "":
		return nil, &Error{Kind: ErrKey, Provider: name, Detail: "the folder's id is missing", Next: demand(name)}
	}
	switch name {
	case googleName:
		return newGoogle(o), nil
	case yandexName:
		return newYandex(o), nil
	case tineyeName:
		return newTinEye(o), nil
	}
	return newContract(name, o), nil
}

// demand says what an operator has to set for a service to be asked.
func demand(name string) string {
	switch name {
	case googleName:
		return "Set an API key or a token for Cloud Vision, or take it out of config.json"
	case yandexName:
		return "Set the key of a service account and the id of its folder, or take it out of config.json"
	case tineyeName:
		return "Set the key of TinEye's API, or take it out of config.json"
	}
	return "Set the address of a service that speaks the bot's contract under this name, or take it out of config.json"
}

// retired explains the names that people know and that cannot be asked; nil for any other.
func retired(name string) error {
	switch strings.ToLower(name) {
	case "bing":
		return &Error{Kind: ErrRetired, Provider: name,
			Detail: "Microsoft switched Bing Visual Search off, with all Bing Search APIs, on 2025-08-11",
			Next:   "Use google, yandex or tineye instead"}
	case "pixsy":
		return &Error{Kind: ErrRetired, Provider: name,
			Detail: "Pixsy publishes no API; it is a website for owners of rights",
			Next:   "Use google, yandex or tineye instead"}
	}
	return nil
}

// checkNames refuses names for an operator's own services that are taken or no names.
func (k Keys) checkNames() error {
	for name := range k.Contracts {
		taken := slices.Contains([]string{googleName, yandexName, tineyeName}, name) || retired(name) != nil
		if taken || !serviceName.MatchString(name) {
			return fmt.Errorf("a service of one's own cannot be called %q: choose up to 40 small letters, digits and hyphens, and none of google, yandex, tineye, bing and pixsy", name)
		}
	}
	return nil
}
