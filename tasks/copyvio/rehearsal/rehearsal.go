// Package rehearsal is what the demo shows of the copyright watch: a service that
// has seen some pictures elsewhere, and people who upload these and others.
package rehearsal

import (
	"crypto/sha1"
	"encoding/hex"

	"filewarden/bot"
	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/provider/providertest"
)

// Seeds of the photos, by what becomes of them.
const (
	onTheWeb = 41 + iota
	atAnAgency
	unknown
	deletedBefore
	notForEverybody
)

// New rehearsal. The operator's settings are made of the keys for the service.
func New(operator func(provider.Keys) any) bot.Rehearsal {
	web := providertest.New(providertest.Options{Scenes: map[string]providertest.Scenario{
		sum(photo(onTheWeb)): providertest.FullAndPages, sum(photo(atAnAgency)): providertest.Stock, sum(photo(notForEverybody)): providertest.Unsafe,
	}})
	mirrored := picture.JPEG(picture.Mirrored(picture.Photo(deletedBefore, 640, 480)), 70)
	return bot.Rehearsal{
		Web: web.Serve(), Operator: func(address string) any { return operator(providertest.Keys(address)) },
		Before: []bot.RehearsedUpload{{User: "Zoe", File: "Harbour at night.jpg", Data: photo(deletedBefore), Text: licensed,
			Deleted: "Copyright violation: taken from an agency"}},
		Uploads: []bot.RehearsedUpload{
			{User: "Zoe", File: "Hills in the evening.jpg", Data: photo(onTheWeb), Text: licensed},
			{User: "Zoe", File: "Lake view.jpg", Data: photo(atAnAgency), Text: licensed},
			{User: "Zoe", File: "The other side of the harbour.jpg", Data: mirrored, Text: licensed},
			{User: "Anna", File: "Meadow behind my house.jpg", Data: photo(unknown), Text: licensed},
			{User: "Zoe", File: "Not for everybody.jpg", Data: photo(notForEverybody), Text: licensed},
		},
	}
}

func photo(seed uint64) []byte { return picture.JPEG(picture.Photo(seed, 640, 480), 88) }

const licensed = "== Summary ==\n{{Information\n|description=A photograph\n|source=own work\n}}\n\n== Licence ==\n{{self|cc-by-sa-4.0}}\n"

func sum(data []byte) string {
	s := sha1.Sum(data)
	return hex.EncodeToString(s[:])
}
