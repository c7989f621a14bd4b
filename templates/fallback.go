package templates

import "strings"

// fallbacks is the chain of codes to try, ending in English.
func fallbacks(code string) []string {
	code = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(code), "_", "-"))
	var chain []string
	add := func(c string) {
		for _, seen := range chain {
			if seen == c {
				return
			}
		}
		chain = append(chain, c)
	}
	for c := code; c != ""; c = parent(c) {
		add(c)
		for _, next := range declared(c) {
			add(next)
		}
	}
	add(lastResort)
	return chain
}

func parent(code string) string {
	cut := strings.LastIndexByte(code, '-')
	if cut < 0 {
		return ""
	}
	return code[:cut]
}

// declared are the fallbacks that MediaWiki states in its Messages*.php where
// they are not simply the code without its last part.
func declared(code string) []string {
	switch code {
	case "zh", "zh-cn", "zh-sg", "zh-my", "wuu", "gan-hans", "ii", "za":
		return []string{"zh-hans"}
	case "zh-tw", "zh-hk", "zh-mo", "zh-hant":
		return []string{"zh-hant", "zh-tw", "zh-hk", "zh-hans"}
	case "yue", "zh-yue", "gan", "gan-hant", "lzh", "zh-classical", "hak", "nan", "zh-min-nan", "cdo":
		return []string{"zh-hant", "zh-hk", "zh-hans"}
	case "als", "gsw", "bar", "dsb", "frr", "hsb", "ksh", "lb", "nds", "pdc", "pdt", "pfl", "sli", "stq", "vmf":
		return []string{"de"}
	case "br", "co", "ff", "frc", "frp", "gcr", "ht", "ln", "mg", "oc", "pcd", "sg", "ty", "wa", "wo":
		return []string{"fr"}
	case "pt-br":
		return []string{"pt"}
	case "pt":
		return []string{"pt-br"}
	}
	return nil
}
