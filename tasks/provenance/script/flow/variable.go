package flow

import "github.com/grafana/sobek/ast"

// assign gives a variable a value. def is the expression that says so.
func (e *engine) assign(v *variable, val Value, at ast.Node, def ast.Expression) {
	if v.owner == e.activation.fn {
		e.activation.set(v, val)
	} else {
		if !v.shared {
			v.shared = true
			e.touch(&v.parted)
		}
		e.setOuter(v, val)
	}
	e.remember(v, write{at: int(at.Idx0()) - 1, by: e.activation.fn, def: def, val: val})
	if joined := v.all.join(val); len(joined.atoms) != len(v.all.atoms) {
		e.grown(v.all, joined, &v.known)
		v.all = joined
	}
}

// setOuter tells a variable of a function around this one what it may hold now.
func (e *engine) setOuter(v *variable, val Value) {
	a := e.activation.outer.owning(v)
	if a == nil {
		return
	}
	e.meet(v, a)
	if r := e.trace; r != nil {
		r.gave = append(r.gave, holding{v, val})
	}
	a.set(v, a.of(v).join(val))
}

func (e *engine) remember(v *variable, w write) {
	for i, old := range v.writes {
		if old.at == w.at && old.by == w.by {
			if joined := old.val.join(w.val); len(joined.atoms) != len(old.val.atoms) {
				v.writes[i].val = joined
				e.touch(&v.known)
			}
			return
		}
	}
	if v.many {
		return
	}
	if len(v.writes) >= maxWrites {
		v.many = true
		e.touch(&v.known)
		return
	}
	if w.val.Known() {
		e.touch(&v.known)
	}
	v.writes = append(v.writes, w)
}

// held is what a variable holds here.
func (e *engine) held(v *variable) Value {
	a := e.activation
	if a.fn == v.owner {
		val := a.of(v)
		e.look(&v.parted)
		if v.shared {
			e.look(&v.known)
			val = val.join(v.elsewhere(a.fn, 1<<62))
		}
		return val
	}
	e.look(&v.known)
	start, late := a.start, a.late
	for o := a.outer; o != nil; o = o.outer {
		if o.fn == v.owner {
			if late || v.many {
				return v.all
			}
			e.meet(v, o)
			return o.of(v).join(v.elsewhere(v.owner, start))
		}
		start, late = o.start, late || o.late
	}
	return v.all
}

// elsewhere is what other functions assign to a variable, and its own after a place.
func (v *variable) elsewhere(owner *Func, after int) Value {
	if v.many {
		return v.all
	}
	var val Value
	for _, w := range v.writes {
		if w.by != owner || w.at > after {
			val = val.join(w.val)
		}
	}
	return val
}

// definition is the only expression that a variable is given.
func (e *engine) definition(n ast.Expression) ast.Expression {
	id, ok := n.(*ast.Identifier)
	if !ok {
		return nil
	}
	v := e.lookup(id.Name)
	if v == nil || v.param || len(v.writes) != 1 {
		return nil
	}
	return v.writes[0].def
}
