package provenance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"time"

	"filewarden/bot/wiki"
	"filewarden/storage"
)

// countGadgetsEvery is how often the users of gadgets are counted: the wiki
// itself counts them anew every few days.
const countGadgetsEvery = 24 * time.Hour

// readGadgets reads the list of gadgets when it changed, and once a day how
// many users each of them has.
func (p *pass) readGadgets(ctx context.Context) error {
	next := p.gadgets
	if p.definition.rev != next.Rev {
		next.Rev, next.Gadgets = p.definition.rev, nil
		if p.definition.id != 0 {
			texts, err := p.readTexts(ctx, []listed{p.definition})
			if err != nil {
				return err
			}
			next.Gadgets = parseDefinition(texts[p.definition.id].text)
		}
	}
	if len(next.Gadgets) > 0 && p.hasExtension("Gadgets") && p.start.Sub(timeOf(next.Counted)) >= countGadgetsEvery {
		users, err := p.countUsers(ctx)
		if err != nil {
			return err
		}
		next.Users, next.Counted = users, p.start.Unix()
	}
	if reflect.DeepEqual(p.gadgets, next) {
		return nil
	}
	p.gadgets = next
	err := p.Store.Update(func(tx storage.Tx) error { return gadgetTable.Put(tx, next, "all") })
	if err != nil {
		return fmt.Errorf("storing the list of gadgets: %w", err)
	}
	return nil
}

// countUsers reads Special:GadgetUsage. A wiki that keeps it from bots, or has
// none, leaves the numbers as they were: unknown at first.
func (p *pass) countUsers(ctx context.Context) (map[string]int, error) {
	users := map[string]int{}
	params := wiki.Params{"action": "query", "list": "querypage", "qppage": "GadgetUsage", "qplimit": "max"}
	for range 20 { // 10,000 gadgets and more
		answer, err := p.Wiki.Get(ctx, params)
		var no *wiki.Error
		if errors.As(err, &no) && no.Advice != wiki.Stop {
			p.Log.Info().Err(err).Msg("the wiki does not tell how many users its gadgets have")
			return p.gadgets.Users, nil
		}
		if err != nil {
			return nil, fmt.Errorf("counting the users of gadgets: %w", err)
		}
		rows, _ := answer.GetObjectArray("query", "querypage", "results") // none: nobody uses any
		for _, row := range rows {
			title, _ := row.GetString("title")
			if name, ok := gadgetOfPreference(title); ok {
				users[name] = numberIn(row, "value")
			}
		}
		offset, err := answer.GetValue("continue", "qpoffset")
		if err != nil {
			break
		}
		params = maps.Clone(params)
		params["qpoffset"] = fmt.Sprint(offset.Interface())
	}
	return users, nil
}

// numberIn reads a number that the database may have given as text.
func numberIn(row interface {
	GetInterface(keys ...string) (any, error)
}, key string) int {
	v, err := row.GetInterface(key)
	if err != nil {
		return 0
	}
	switch v := v.(type) {
	case json.Number:
		n, _ := v.Int64() // 0 for what is no whole number
		return int(n)
	case float64:
		return int(v)
	case string:
		n, _ := strconv.Atoi(v) // 0 likewise
		return n
	}
	return 0
}
