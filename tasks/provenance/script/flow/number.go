package flow

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// roundings are functions of one number.
var roundings = map[string]func(float64) float64{
	"Math.round": func(x float64) float64 { return math.Floor(x + 0.5) },
	"Math.ceil":  math.Ceil,
	"Math.floor": math.Floor,
	"Math.trunc": math.Trunc,
	"Math.abs":   math.Abs,
}

// readings are functions that read a number from text.
var readings = map[string]*regexp.Regexp{
	"Number":            regexp.MustCompile(`^\s*[+-]?\d+(\.\d+)?\s*$`),
	"parseFloat":        regexp.MustCompile(`^\s*[+-]?\d+(\.\d+)?`),
	"Number.parseFloat": regexp.MustCompile(`^\s*[+-]?\d+(\.\d+)?`),
	"parseInt":          regexp.MustCompile(`^\s*[+-]?\d+`),
	"Number.parseInt":   regexp.MustCompile(`^\s*[+-]?\d+`),
}

// numberCall is a call of a function that makes a number of others. A number
// that is not known stays what it is: a ratio, or a width.
func (e *engine) numberCall(c *callSite, name string) (Value, bool) {
	round, rounds := roundings[name]
	read, reads := readings[name]
	switch {
	case name == "Math.min" || name == "Math.max":
		return extreme(c.args), true
	case !rounds && !reads:
		return Value{}, false
	}
	v := e.apply("", func(x []any) (any, bool) {
		if rounds {
			n, ok := x[0].(float64)
			return round(n), ok
		}
		return numberIn(read, x[0])
	}, c.arg(0))
	for _, a := range c.arg(0).atoms {
		if a.Kind == Ratio || a.Kind == Width {
			v = v.join(of(a))
		}
	}
	return v, true
}

// numberIn is the number with which a text begins.
func numberIn(read *regexp.Regexp, x any) (any, bool) {
	switch x := x.(type) {
	case float64:
		return x, true
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(read.FindString(x)), 64)
		if err != nil {
			return math.NaN(), !holed(x)
		}
		return n, true
	case Null, Undefined:
		return math.NaN(), true
	}
	return nil, false
}

// extreme is the least or greatest of some numbers: any of them, where all are
// known, and a ratio where one is.
func extreme(args []Value) Value {
	var v Value
	known := true
	for _, a := range args {
		if r, ok := a.First(Ratio); ok {
			return of(r)
		}
		known = known && a.Known()
		v = v.join(a)
	}
	if !known {
		return Value{}
	}
	return v
}
