package script

import "filewarden/tasks/provenance/script/flow"

// rules are all rules of scripts, by the places for which they are called.
// Each axis has a function of its own below the others' files: names (pv…),
// widths (ts…), hosts (th…), third parties (tp…).
func rules() flow.Rules {
	var r flow.Rules
	provenanceRules(&r)
	spelledRules(&r)
	widthRules(&r)
	hostRules(&r)
	partyRules(&r)
	return r
}
