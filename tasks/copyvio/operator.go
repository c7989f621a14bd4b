package copyvio

import (
	"fmt"
	"strings"

	"filewarden/tasks/copyvio/provider"
)

// Operator is what the operator decides: keys, and what may be spent at most.
// No key is ever shown.
type Operator struct {
	GoogleKey      string            `group:"Reverse image search:" placeholder:"SECRET" help:"API key for Google Cloud Vision."`
	GoogleToken    string            `group:"Reverse image search:" placeholder:"SECRET" help:"OAuth 2 token for Google Cloud Vision, instead of the key."`
	GoogleEndpoint string            `group:"Reverse image search:" placeholder:"URL" help:"Another address for it, such as one within the EU."`
	GoogleNoSafety bool              `group:"Reverse image search:" help:"Ask for no SafeSearch ratings, which Google bills as a unit of their own."`
	YandexKey      string            `group:"Reverse image search:" placeholder:"SECRET" help:"Key of a service account for the Yandex Search API."`
	YandexFolder   string            `group:"Reverse image search:" placeholder:"ID" help:"The folder that it belongs to."`
	YandexEndpoint string            `group:"Reverse image search:" placeholder:"URL" help:"Another address for it."`
	TinEyeKey      string            `group:"Reverse image search:" name:"tineye-key" placeholder:"SECRET" help:"Key for TinEye."`
	TinEyeEndpoint string            `group:"Reverse image search:" name:"tineye-endpoint" placeholder:"URL" help:"Another address for it."`
	Contract       map[string]string `group:"Reverse image search:" placeholder:"NAME=URL" help:"Other services that speak the open contract (tasks/copyvio/provider/CONTRACT.md)."`
	ContractKey    map[string]string `group:"Reverse image search:" placeholder:"NAME=SECRET" help:"Their keys."`
	SearchMost     map[string]string `group:"Reverse image search:" placeholder:"NAME=DAY/MONTH" help:"The most units that a service may be asked for in a day and in a month, whatever config.json says: google=200/2000."`
	Consumer       string            `group:"Reverse image search:" placeholder:"KEY" help:"Key of the OAuth 2 consumer whose tokens may write through the review API; without it nobody may."`
}

// keys are what the providers need of it.
func (o *Operator) keys() (provider.Keys, error) {
	k := provider.Keys{
		Google: provider.GoogleKey{Key: provider.Secret(o.GoogleKey), Token: provider.Secret(o.GoogleToken),
			NoSafety: o.GoogleNoSafety, Endpoint: o.GoogleEndpoint},
		Yandex:    provider.YandexKey{Key: provider.Secret(o.YandexKey), Folder: o.YandexFolder, Endpoint: o.YandexEndpoint},
		TinEye:    provider.TinEyeKey{Key: provider.Secret(o.TinEyeKey), Endpoint: o.TinEyeEndpoint},
		Contracts: map[string]provider.ContractKey{}, Most: map[string]provider.Budget{},
	}
	for name, address := range o.Contract {
		k.Contracts[name] = provider.ContractKey{URL: address, Key: provider.Secret(o.ContractKey[name])}
	}
	for name, most := range o.SearchMost {
		b, err := budget(most)
		if err != nil {
			return k, fmt.Errorf("SEARCH_MOST of %s: %w", name, err)
		}
		k.Most[name] = b
	}
	return k, nil
}

// operatorOf is an operator with keys for Google and TinEye.
func operatorOf(k provider.Keys) any {
	return &Operator{GoogleKey: string(k.Google.Key), GoogleEndpoint: k.Google.Endpoint,
		TinEyeKey: string(k.TinEye.Key), TinEyeEndpoint: k.TinEye.Endpoint}
}

// budget reads DAY/MONTH.
func budget(text string) (b provider.Budget, err error) {
	day, month, found := strings.Cut(text, "/")
	if !found {
		month = day
	}
	if _, err = fmt.Sscanf(day+" "+month, "%d %d", &b.PerDay, &b.PerMonth); err != nil || b.PerDay < 0 || b.PerMonth < 0 {
		return b, fmt.Errorf("%q is no budget; write units a day and a month, as in 200/2000", text)
	}
	return b, nil
}

// hosts that the task may fetch from: those of the services with a key.
func hosts(operator any) []string {
	o, ok := operator.(*Operator)
	if !ok || o == nil {
		return nil
	}
	k, err := o.keys()
	if err != nil {
		return nil // told when the services are opened
	}
	return provider.Hosts(k)
}
