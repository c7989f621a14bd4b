package flow

// choose is one value or another, as a condition says: where the condition is
// known for every sample, so is what comes of it.
func (e *engine) choose(test, then, other Value) Value {
	if len(test.atoms) == 1 && sampled(&test.atoms[0]) && len(then.atoms) == 1 && len(other.atoms) == 1 &&
		then.atoms[0].Kind == Data && other.atoms[0].Kind == Data {
		v := e.apply("?", func(x []any) (any, bool) {
			if truthy(x[0]) {
				return x[1], true
			}
			return x[2], true
		}, test, then, other)
		for i := range v.atoms {
			if from := then.atoms[0]; from.Made != nil && sampled(&from) {
				v.atoms[i].Made = from.Made
			} else if from := other.atoms[0]; sampled(&from) {
				v.atoms[i].Made = from.Made
			}
		}
		if v.Known() {
			return v
		}
	}
	return then.join(other)
}
