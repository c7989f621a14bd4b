package sandbox

import (
	"slices"
	"strings"
)

// continuation follows ApiContinuationManager: props are finished for a batch
// of pages before the generator goes on, and the "continue" value names the
// generator's parameters and the modules that are done.
type continuation struct {
	order          []string // names of all modules
	generated      map[string]bool
	skipped        map[string]bool
	generatorDone  bool
	generatorGiven []string // names of parameters that this request was continued with

	unfinished map[string]M // by module
	generator  M            // where the generator goes on
}

func newContinuation(c *call, mods []*queryModule) (*continuation, error) {
	k := &continuation{generated: map[string]bool{}, skipped: map[string]bool{}, unfinished: map[string]M{}, generator: M{}}
	for _, m := range mods {
		k.order = append(k.order, m.name)
		k.generated[m.name] = m.kind == "prop"
	}
	raw, _ := c.value("continue")
	if raw == "" {
		return k, nil
	}
	parts := strings.Split(raw, "||")
	if len(parts) != 2 {
		return nil, fail("badcontinue", "Invalid continue param. You should pass the original value returned by the previous query.")
	}
	for _, name := range strings.Split(parts[1], "|") {
		k.skipped[name] = true
	}
	if k.generatorDone = parts[0] == "-"; k.generatorDone {
		for name, generated := range k.generated {
			k.skipped[name] = k.skipped[name] || generated
		}
	} else if parts[0] != "" {
		k.generatorGiven = strings.Split(parts[0], "|")
	}
	return k, nil
}

func (k *continuation) runs(name string) bool { return !k.skipped[name] }

func (k *continuation) add(module, param string, value any) {
	if k.unfinished[module] == nil {
		k.unfinished[module] = M{}
	}
	k.unfinished[module][param] = value
}

// finish writes "continue" and "batchcomplete".
func (k *continuation) finish(c *call) {
	data, generatorKeys, batchComplete := M{}, "-", true
	propsOpen := false
	var done []string
	for _, name := range k.order {
		if len(k.unfinished[name]) == 0 {
			done = append(done, name)
		}
		for p, v := range k.unfinished[name] {
			data[p] = v
			propsOpen = propsOpen || k.generated[name]
		}
	}
	switch {
	case propsOpen:
		batchComplete = false
		var keys []string
		for _, p := range k.generatorGiven {
			if v, ok := c.value(p); ok {
				data[p], keys = v, append(keys, p)
			}
		}
		generatorKeys = strings.Join(keys, "|")
	case len(k.generator) > 0:
		var keys []string
		for p, v := range k.generator {
			data[p], keys = v, append(keys, p)
		}
		done = slices.DeleteFunc(done, func(name string) bool { return k.generated[name] })
		generatorKeys = strings.Join(keys, "|")
	}
	if len(data) > 0 || generatorKeys != "-" {
		data["continue"] = generatorKeys + "||" + strings.Join(done, "|")
		c.out["continue"] = data
	}
	if batchComplete {
		c.out["batchcomplete"] = true
	}
}
