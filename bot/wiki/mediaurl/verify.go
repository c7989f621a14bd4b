package mediaurl

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Standing of an address's signature.
type Standing string

// Standings.
const (
	Valid Standing = "valid"
	Stale Standing = "stale" // right, but too old, or from the future
	Bad   Standing = "bad"
	None  Standing = "none"
)

// Verdict is what a signature says of an address.
type Verdict struct {
	Standing Standing
	Class    Class         // as the address says; proven where Standing is Valid or Stale
	Age      time.Duration // since it was signed, below zero where that is in the future; 0 where unknown
	KeyID    string        // of Valid and Stale: which key signed
	Why      string        // of Bad: what is wrong, for logs
}

// Skew is how far in the future a signature may be made: the clocks of those
// who sign and those who verify differ.
const Skew = time.Minute

// maxSeconds is the last time a signature may name: the year 9999.
const maxSeconds = 253402300799

// Verify judges an address. fresh is how long a signature counts. The address
// may be absolute or what a request line has, path and query, and is taken as
// it is: nothing is mended.
func (k Keys) Verify(raw string, now time.Time, fresh time.Duration) Verdict {
	r, err := readRequest(raw)
	v := Verdict{Class: r.provenance.Class()}
	if err == nil && !r.signed {
		v.Standing = None
		return v
	}
	var t token
	if err == nil {
		t, err = readToken(r.signature)
	}
	if err == nil {
		err = k.prove(r, t)
	}
	if err != nil {
		v.Standing, v.Why = Bad, err.Error()
		return v
	}
	v.KeyID, v.Age = t.key, now.Sub(time.Unix(t.seconds, 0))
	v.Standing = Valid
	if v.Age > fresh || v.Age < -Skew {
		v.Standing = Stale
	}
	return v
}

// prove compares the mac with those that the keys of that id make.
func (k Keys) prove(r request, t token) error {
	text, err := signedText(r.path, r.provenance, strconv.FormatInt(t.seconds, 10))
	if err != nil {
		return err
	}
	found := false
	for _, key := range k {
		if key.ID != t.key {
			continue
		}
		found = true
		if subtle.ConstantTimeCompare(key.mac(t.scheme, text), t.mac) == 1 {
			return key.check()
		}
	}
	if !found {
		return errors.New("no key has the id that the signature names")
	}
	return errors.New("the signature is not that of the address")
}

// token is utm_term, taken apart.
type token struct {
	scheme  Scheme
	key     string
	seconds int64
	mac     []byte
}

// String is how a token is written.
func (t token) String() string {
	return strings.Join([]string{string(t.scheme), t.key, strconv.FormatInt(t.seconds, 10), base64.RawURLEncoding.EncodeToString(t.mac)}, ".")
}

// readToken wants exactly the one way to write a signature.
func readToken(signature string) (t token, err error) {
	parts := strings.Split(signature, ".")
	if len(parts) != 4 {
		return t, errors.New("the signature is not made of four parts")
	}
	t.scheme, t.key = Scheme(parts[0]), parts[1]
	length := map[Scheme]int{H1: 32, S1: 20}[t.scheme]
	if length == 0 {
		return t, errors.New("the signature's scheme is unknown")
	}
	if !isID(t.key) {
		return t, errors.New("the signature names no key")
	}
	t.seconds, err = strconv.ParseInt(parts[2], 10, 64)
	if err != nil || t.seconds < 0 || t.seconds > maxSeconds || strconv.FormatInt(t.seconds, 10) != parts[2] {
		return t, errors.New("the signature's time is no number of seconds")
	}
	t.mac, err = base64.RawURLEncoding.Strict().DecodeString(parts[3])
	if err != nil || len(t.mac) != length || strings.ContainsAny(parts[3], "\r\n") {
		return t, errors.New("the signature's last part is no mac of its scheme")
	}
	return t, nil
}

// request is what a signature covers, read without mending.
type request struct {
	path       string
	provenance Provenance
	signature  string
	signed     bool
}

// readRequest decodes path and parameters once. A parameter of provenance that
// is there twice is an error: others might read the other one.
func readRequest(raw string) (r request, err error) {
	raw, _, _ = strings.Cut(raw, "#")
	path, query, _ := strings.Cut(raw, "?")
	r.path, _ = unescape(pathOf(path))
	seen := map[string]bool{}
	for _, part := range strings.Split(query, "&") {
		p := readParam(part)
		to := r.field(p.Name)
		if to == nil {
			continue
		}
		if seen[p.Name] {
			err = errors.New(p.Name + " is given twice")
		}
		seen[p.Name] = true
		*to = p.Value
	}
	r.signed = seen[ParamSignature]
	if !r.signed {
		err = nil
	}
	return r, err
}

// field is where a parameter goes; nil for those that no signature covers.
func (r *request) field(name string) *string {
	switch name {
	case ParamSource:
		return &r.provenance.Source
	case ParamCampaign:
		return &r.provenance.Campaign
	case ParamContent:
		return &r.provenance.Content
	case ParamSignature:
		return &r.signature
	}
	return nil
}

// pathOf takes scheme and host off.
func pathOf(address string) string {
	if _, rest, ok := strings.Cut(address, "//"); ok && !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		_, path, _ := strings.Cut(rest, "/")
		return "/" + path
	}
	return address
}
