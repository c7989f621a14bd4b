package flow

import "github.com/grafana/sobek/ast"

// places is a set of simple statements, by where they begin: no two of them
// begin at one place. It is a bit for every byte of the script.
type places []uint64

func newPlaces(text string) places { return make(places, len(text)/64+2) }

func (p places) add(st ast.Statement) {
	at := p.of(st)
	p[at/64] |= 1 << (at % 64)
}

func (p places) has(st ast.Statement) bool {
	at := p.of(st)
	return p[at/64]&(1<<(at%64)) != 0
}

// of is the place of a statement.
func (p places) of(st ast.Statement) int { return max(0, min(64*len(p)-1, int(st.Idx0()))) }
