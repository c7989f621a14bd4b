package mediaurl

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// leastSecret is how many bytes a secret has at least: 128 bits.
const leastSecret = 16

// mostKeyFile bounds what is read of a file of keys, in bytes; a few lines are expected.
const mostKeyFile = 1 << 20

var keyID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// ReadKeys reads a file of keys (see ParseKeys). A file that other users can
// read, or that its group can change, is refused: whoever has a secret can sign.
func ReadKeys(path string) (Keys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o027 != 0 {
		return nil, fmt.Errorf("the keys in %s are open to others (mode %04o), and who has them can sign.\nRun: chmod 600 %s",
			path, info.Mode().Perm(), path)
	}
	text, err := io.ReadAll(io.LimitReader(f, mostKeyFile))
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	keys, err := ParseKeys(string(text))
	if err != nil {
		return nil, fmt.Errorf("reading the keys in %s: %w", path, err)
	}
	return keys, nil
}

// ParseKeys reads keys: a line holds the key's id and its secret in base64,
// with a space between. The first key signs, all verify. Empty lines and those
// that begin with # say nothing. HAProxy reads the same file as a map:
//
//	# head -c 32 /dev/urandom | base64
//	2026b lGlqmHmoDFgXnhRS9nMtm7YyHY0TGNGrOPeW2RK2E3k=
//	2026a vVhl0GXLkE2v8fCHK4cHhHgOZMPY0lcVzNPtFUlqpuQ=
//
// Errors name lines and never what stands there.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := parseKey(line)
		if err == nil && slices.ContainsFunc(keys, func(k Key) bool { return k.ID == key.ID }) {
			err = errors.New("a key above has the same id")
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("there is no key; a line holds an id, a space and a secret in base64")
	}
	return keys, nil
}

func parseKey(line string) (Key, error) {
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return Key{}, errors.New("a line holds an id, a space and a secret in base64")
	}
	if !keyID.MatchString(fields[0]) {
		return Key{}, errors.New("an id has 1 to 64 ASCII letters, digits, - and _")
	}
	secret, err := base64.StdEncoding.DecodeString(fields[1])
	if err != nil {
		return Key{}, errors.New("the secret is no base64 (RFC 4648, section 4, with its padding)")
	}
	if len(secret) < leastSecret {
		return Key{}, fmt.Errorf("the secret has %d bytes, and %d is the least; make one with: head -c 32 /dev/urandom | base64", len(secret), leastSecret)
	}
	return Key{ID: fields[0], Secret: secret}, nil
}
