package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// object is a JSON object that keeps the order of its keys, as PHP's decoder
// does; a key that comes twice keeps its first place and its last value.
type object struct {
	keys   []string
	values map[string]any
}

func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range o.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := marshalPlain(k)
		if err != nil {
			return nil, err
		}
		value, err := marshalPlain(o.values[k])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

var errTooDeep = errors.New("The maximum stack depth has been exceeded")

// decodeJSON reads one JSON value and nothing after it.
func decodeJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := decodeValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("Syntax error")
	}
	return v, nil
}

func decodeValue(d *json.Decoder, depth int) (any, error) {
	if depth > 512 {
		return nil, errTooDeep
	}
	t, err := d.Token()
	if err != nil {
		return nil, errors.New("Syntax error")
	}
	switch t := t.(type) {
	case json.Number:
		return phpNumber(t), nil
	case json.Delim:
		if t == '[' {
			return decodeArray(d, depth)
		}
		return decodeObject(d, depth)
	}
	return t, nil
}

func decodeArray(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := decodeValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, closing(d)
}

func decodeObject(d *json.Decoder, depth int) (any, error) {
	o := &object{values: map[string]any{}}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, errors.New("Syntax error")
		}
		v, err := decodeValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		key := k.(string)
		if _, twice := o.values[key]; !twice {
			o.keys = append(o.keys, key)
		}
		o.values[key] = v
	}
	return o, closing(d)
}

func closing(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return errors.New("Syntax error")
	}
	return nil
}

// phpNumber writes a number as json_encode does after json_decode: whole
// floats lose their fraction, and integers beyond 64 bits become floats.
func phpNumber(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil {
		return n
	}
	switch {
	case f == 0 && math.Signbit(f):
		return json.Number("-0")
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return int64(f)
	}
	s := strconv.FormatFloat(f, 'G', -1, 64)
	if mantissa, exp, ok := strings.Cut(s, "E"); ok {
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		return json.Number(mantissa + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0"))
	}
	return json.Number(s)
}

// phpEscape writes the characters that FormatJson::encode keeps out of HTML.
var phpEscape = strings.NewReplacer("<", `\u003C`, ">", `\u003E`, "&", `\u0026`)
