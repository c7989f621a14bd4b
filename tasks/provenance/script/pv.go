package script

import "filewarden/tasks/provenance/script/flow"

// provenanceRules are the rules PV001 to PV017.
func provenanceRules(r *flow.Rules) {
	r.Call = append(r.Call, suffixTest)
}

// suffixTest is PV005: u.endsWith('.jpg').
func suffixTest(s *flow.Site) {
	call, method, ok := s.Method()
	if !ok || method.Name != "endsWith" {
		return
	}
	if flow.Differs(s.Result, flow.Plain, flow.Marked) {
		s.Report("PV005", call, "new URL("+s.Source(method.Object)+", location).pathname.endsWith("+s.Source(method.Args[0])+")")
	}
}
