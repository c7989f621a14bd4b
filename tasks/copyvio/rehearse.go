package copyvio

import (
	"crypto/sha1"
	"encoding/hex"

	"filewarden/bot"
	"filewarden/bot/sandbox/picture"
	"filewarden/tasks/copyvio/provider/providertest"
)

// rehearse makes the web of the demo: a service that has seen some pictures
// elsewhere, and people's uploads, some of which are these.
func rehearse() bot.Rehearsal {
	photo := func(seed uint64) []byte { return picture.JPEG(picture.Photo(seed, 640, 480), 88) }
	mirrored := picture.JPEG(picture.Mirrored(picture.Photo(44, 640, 480)), 70)
	web := providertest.New(providertest.Options{Scenes: map[string]providertest.Scenario{
		shaOfBytes(photo(41)): providertest.FullAndPages, shaOfBytes(photo(42)): providertest.Stock, shaOfBytes(photo(45)): providertest.Unsafe,
	}})
	return bot.Rehearsal{
		Web: web.Serve(),
		Operator: func(address string) any {
			k := providertest.Keys(address)
			return &Operator{GoogleKey: providertest.GoogleKey, GoogleEndpoint: k.Google.Endpoint,
				TinEyeKey: providertest.TinEyeKey, TinEyeEndpoint: k.TinEye.Endpoint}
		},
		Before: []bot.RehearsedUpload{{User: "Zoe", File: "Harbour at night.jpg", Data: photo(44), Text: licensed, Deleted: "[[Commons:Licensing|Copyright violation]]: taken from an agency"}},
		Uploads: []bot.RehearsedUpload{
			{User: "Zoe", File: "Hills in the evening.jpg", Data: photo(41), Text: licensed},
			{User: "Zoe", File: "Lake view.jpg", Data: photo(42), Text: licensed},
			{User: "Zoe", File: "The other side of the harbour.jpg", Data: mirrored, Text: licensed},
			{User: "Anna", File: "Meadow behind my house.jpg", Data: photo(43), Text: licensed},
			{User: "Zoe", File: "Not for everybody.jpg", Data: photo(45), Text: licensed},
		},
	}
}

const licensed = "== Summary ==\n{{Information\n|description=A photograph\n|source=own work\n}}\n\n== Licence ==\n{{self|cc-by-sa-4.0}}\n"

func shaOfBytes(data []byte) string {
	sum := sha1.Sum(data)
	return hex.EncodeToString(sum[:])
}
