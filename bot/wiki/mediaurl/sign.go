package mediaurl

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Scheme of a signature.
type Scheme string

// Schemes.
const (
	H1 Scheme = "h1" // HMAC-SHA-256
	S1 Scheme = "s1" // SHA-1 of key and text
)

// Keys sign and verify. The first signs; all verify, so that a new key is put
// first and the old one stays until what it signed is stale.
type Keys []Key

// Key is one secret.
type Key struct {
	ID     string // ASCII letters, digits, - and _; public
	Secret []byte // at least MinSecret bytes
}

// MinSecret is how many bytes a secret has at least: 128 bits.
const MinSecret = 16

// String leaves the secret out, so that no log or error shows it.
func (k Key) String() string { return "key " + k.ID }

// GoString is String: %#v shows no secret either.
func (k Key) GoString() string { return k.String() }

// ErrUnsignable is the error for what cannot be signed.
var ErrUnsignable = errors.New("cannot be signed")

// Sign returns the address with its signature, in place of one it may have
// had. Only addresses of files themselves are signed: scripts and special
// pages answer with another address.
func (k Keys) Sign(raw string, scheme Scheme, at time.Time) (string, error) {
	if len(k) == 0 {
		return "", fmt.Errorf("%w: there is no key", ErrUnsignable)
	}
	u, err := Parse(raw)
	if err != nil {
		return "", err
	}
	switch u.Form {
	case ThumbPHP, ThumbHandler, FilePath, Redirect:
		return "", fmt.Errorf("%w: %s leads to a file's address and is none", ErrUnsignable, u.Form)
	}
	path, _ := unescape(u.path())
	text, err := signedText(path, u.Provenance, strconv.FormatInt(at.Unix(), 10))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnsignable, err)
	}
	if u.Signature, err = k[0].token(scheme, at, text); err != nil {
		return "", err
	}
	return u.String(), nil
}

// token is a value of utm_term.
func (k Key) token(scheme Scheme, at time.Time, text string) (string, error) {
	mac := k.mac(scheme, text)
	if mac == nil {
		return "", fmt.Errorf("%w: there is no scheme %q; use %s or %s", ErrUnsignable, scheme, H1, S1)
	}
	if err := k.check(); err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnsignable, err)
	}
	if at.Unix() < 0 || at.Unix() > maxSeconds {
		return "", fmt.Errorf("%w: the time %s is out of range", ErrUnsignable, at)
	}
	return token{scheme, k.ID, at.Unix(), mac}.String(), nil
}

// check says what is wrong with a key, without its secret.
func (k Key) check() error {
	if !isID(k.ID) {
		return errors.New("an id has 1 to 64 ASCII letters, digits, - and _")
	}
	if len(k.Secret) < MinSecret {
		return fmt.Errorf("the secret has %d bytes, and %d is the least; make one with: head -c 32 /dev/urandom | base64", len(k.Secret), MinSecret)
	}
	return nil
}

// isID says whether a key may be called that: 1 to 64 letters, digits, - and _.
func isID(id string) bool {
	return len(id) >= 1 && len(id) <= 64 && strings.IndexFunc(id, func(r rune) bool { return r > 127 || !isWordByte(byte(r)) }) < 0
}

// mac of a text; nil for a scheme that there is not.
func (k Key) mac(scheme Scheme, text string) []byte {
	switch scheme {
	case H1:
		h := hmac.New(sha256.New, k.Secret)
		h.Write([]byte(text))
		return h.Sum(nil)
	case S1:
		sum := sha1.Sum(append(append([]byte{}, k.Secret...), text...))
		return sum[:]
	}
	return nil
}

// signedText is what a mac is made of. Control characters would let one text
// stand for two addresses, and with s1 let a text be made longer without the key.
func signedText(path string, p Provenance, seconds string) (string, error) {
	parts := []string{path, p.Source, p.Campaign, p.Content, seconds}
	for _, part := range parts {
		if strings.IndexFunc(part, func(r rune) bool { return r < 0x20 || r == 0x7f }) >= 0 {
			return "", errors.New("the address has a control character")
		}
	}
	return strings.Join(parts, "\n"), nil
}
