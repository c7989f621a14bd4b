package flow

// mark says when something that is known has changed last, by the engine's
// clock, and which reading looked at it last.
type mark struct{ changed, seen int }

// trace is what a body looked at, and gave variables of functions around, when
// it was read last. It lets a function be read again only where something that
// it looked at has changed since: otherwise reading it would come to the same.
type trace struct {
	id        int
	looked    []looked
	met, gave []holding
}

// looked is something that was looked at, and when, by the engine's clock.
type looked struct {
	m  *mark
	at int
}

// holding is what a variable of a function around held before the reading did
// anything to it, or was given by it.
type holding struct {
	v   *variable
	val Value
}

// look notes that what is being read depends on something.
func (e *engine) look(m *mark) {
	if r := e.trace; r != nil && m.seen != r.id {
		m.seen = r.id
		r.looked = append(r.looked, looked{m, e.clock})
	}
}

// touch notes a change.
func (e *engine) touch(m *mark) {
	e.clock++
	m.changed = e.clock
}

// meet notes what a variable of a function around holds, when what is being
// read has to do with it for the first time.
func (e *engine) meet(v *variable, a *activation) {
	if r := e.trace; r != nil && v.seen != r.id {
		v.seen = r.id
		r.met = append(r.met, holding{v, a.of(v)})
	}
}

// note begins to note what the body of a function looks at. Rules must be
// called everywhere, so nothing is noted for them.
func (e *engine) note(f *Func) (end func()) {
	around := e.trace
	if e.reporting {
		return func() {}
	}
	r := f.trace
	if r == nil {
		r = &trace{}
		f.trace = r
	}
	e.readings++
	r.id, r.looked, r.met, r.gave = e.readings, r.looked[:0], r.met[:0], r.gave[:0]
	e.trace = r
	return func() {
		e.trace = around
		e.include(r)
	}
}

// include adds to what the function around depends on what one within did.
func (e *engine) include(inner *trace) {
	r := e.trace
	if r == nil {
		return
	}
	for _, l := range inner.looked {
		if l.m.seen != r.id {
			l.m.seen = r.id
			r.looked = append(r.looked, l)
		}
	}
	own := e.activation.fn
	for _, h := range inner.met {
		if h.v.owner != own && h.v.seen != r.id {
			h.v.seen = r.id
			r.met = append(r.met, h)
		}
	}
	for _, h := range inner.gave {
		if h.v.owner != own {
			r.gave = append(r.gave, h)
		}
	}
}

// settled says whether reading a body again would come to what it came to.
func (e *engine) settled(f *Func) bool {
	r := f.trace
	if e.reporting || r == nil {
		return false
	}
	for _, l := range r.looked {
		if l.m.changed > l.at {
			return false
		}
	}
	e.readings++
	for _, h := range r.met {
		if h.v.seen == e.readings {
			continue // that was later in the reading
		}
		h.v.seen = e.readings
		if a := e.activation.owning(h.v); a == nil || !a.of(h.v).equal(h.val) {
			return false
		}
	}
	return true
}

// repeat tells variables of functions around what a body that is not read
// again gave them.
func (e *engine) repeat(f *Func) {
	e.include(f.trace)
	for _, h := range f.trace.gave {
		if a := e.activation.owning(h.v); a != nil {
			a.set(h.v, a.of(h.v).join(h.val))
		}
	}
}

// owning is the activation of the function whose variable it is, this one or one around it.
func (a *activation) owning(v *variable) *activation {
	for ; a != nil && a.fn != v.owner; a = a.outer {
	}
	return a
}

// equal says whether two values hold the same, made at the same places, in one order.
func (v Value) equal(w Value) bool {
	if len(v.atoms) != len(w.atoms) {
		return false
	}
	for i := range v.atoms {
		a, b := &v.atoms[i], &w.atoms[i]
		if a != b && (a.Node != b.Node || a.Made != b.Made || a.From != b.From || !a.same(b)) {
			return false
		}
	}
	return true
}

// grown notes that what a place may hold has grown, and whether by media.
func (e *engine) grown(was, is Value, m *mark) {
	e.touch(m)
	e.changed = true
	for i := len(was.atoms); i < len(is.atoms) && !e.moved; i++ {
		e.moved = is.atoms[i].media()
	}
}

// media says whether an atom is about media.
func (a *Atom) media() bool {
	switch a.Kind {
	case Data:
		return sampled(a)
	case Object, Function, Builtin, OtherNode, Keyed:
		return false
	}
	return true
}
