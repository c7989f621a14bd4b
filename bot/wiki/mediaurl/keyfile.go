package mediaurl

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
)

// mostKeyFile bounds what is read of a file of keys, in bytes; a few lines are expected.
const mostKeyFile = 1 << 20

// ReadKeys reads a file of keys (see ParseKeys). A file that other users can
// read is refused, as the settings file is: whoever has a secret can sign.
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
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
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
// with a space between; base64url and hex:<digits> do as well. The first key
// signs, all verify. Empty lines and those that begin with # say nothing. With
// padded base64 HAProxy reads the same file as a map:
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
	secret, err := decodeSecret(fields[1])
	if err != nil {
		return Key{}, err
	}
	key := Key{ID: fields[0], Secret: secret}
	return key, key.check()
}

// decodeSecret reads base64 in either alphabet, padded or not, or hex:….
func decodeSecret(text string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(text, "hex:"); ok {
		secret, err := hex.DecodeString(digits)
		if err != nil {
			return nil, errors.New("what follows hex: is no even number of hexadecimal digits")
		}
		return secret, nil
	}
	// Strict: two ways to write one secret are a slip of whoever copied it.
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	secret, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errors.New("the secret is no base64 (RFC 4648, sections 4 and 5)")
	}
	return secret, nil
}
