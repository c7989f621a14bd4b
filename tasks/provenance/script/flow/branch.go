package flow

// end of reading one alternative.
type end int

const (
	normal end = iota
	jumped     // break, continue
	left       // return, throw
)

// outcome is what a variable holds after one of some alternatives.
type outcome struct {
	v   *variable
	by  int // the alternative, of those that go on
	val Value
}

// branch reads alternatives apart and joins what they came to. It tells how
// all of them ended.
func (e *engine) branch(alternatives ...func() end) end { return e.branchOn(Value{}, alternatives...) }

// branchOn is branch where a condition decides between two alternatives.
func (e *engine) branchOn(test Value, alternatives ...func() end) end {
	mark, first := len(e.activation.log), len(e.outcomes)
	all, on := left, 0
	for _, read := range alternatives {
		how := read()
		e.undo(mark, on, how != left)
		if how != left {
			on++
		}
		all = min(all, how)
	}
	e.rejoin(test, e.outcomes[first:], on)
	e.outcomes = e.outcomes[:first]
	return all
}

// undo takes back all changes since a mark, and keeps what they came to where
// the alternative goes on.
func (e *engine) undo(mark, by int, goesOn bool) {
	a := e.activation
	e.stamp++
	for i := len(a.log) - 1; i >= mark; i-- {
		c := &a.log[i]
		if goesOn && c.v.stamp != e.stamp {
			c.v.stamp = e.stamp
			e.outcomes = append(e.outcomes, outcome{c.v, by, a.of(c.v)})
		}
		c.v.now, c.v.in = c.was, nil
		if c.held {
			c.v.in = a
		}
	}
	a.log = a.log[:mark]
}

// rejoin gives every variable that some alternative changed what it may hold
// after any of them.
func (e *engine) rejoin(test Value, outcomes []outcome, alternatives int) {
	a := e.activation
	e.stamp++
	e.branched, e.came = e.branched[:0], e.came[:0]
	for _, o := range outcomes {
		if o.v.stamp != e.stamp {
			o.v.stamp, o.v.place = e.stamp, len(e.branched)
			e.branched = append(e.branched, o.v)
			for range alternatives {
				e.came = append(e.came, a.of(o.v))
			}
		}
		e.came[o.v.place*alternatives+o.by] = o.val
	}
	for i, v := range e.branched {
		vals := e.came[i*alternatives : (i+1)*alternatives]
		if len(vals) == 2 {
			a.set(v, e.choose(test, vals[0], vals[1]))
			continue
		}
		joined := Value{}
		for _, val := range vals {
			joined = joined.join(val)
		}
		a.set(v, joined)
	}
}
