package api

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// csrfLife is that of a csrf token; MediaWiki's access tokens live as long.
const csrfLife = 4 * time.Hour

// csrf makes the tokens of writes: bound to the access token that they are
// fetched with, valid for a while, and for as long as this process lives.
type csrf struct{ secret [32]byte }

func newCSRF() csrf {
	var k csrf
	_, _ = rand.Read(k.secret[:]) // it never fails; see its documentation
	return k
}

// csrfEnd ends every token of MediaWiki: a client that loses plus signs or
// backslashes on the way finds out.
const csrfEnd = `+\`

func (k csrf) token(who person, now time.Time) string {
	if who.Name == "" {
		return csrfEnd // as a stranger gets it at MediaWiki
	}
	end := now.Add(csrfLife).Unix()
	return k.seal(who, end) + fmt.Sprintf("%x", end) + csrfEnd
}

func (k csrf) seal(who person, end int64) string {
	mac := hmac.New(sha256.New, k.secret[:])
	mac.Write(who.key[:])
	fmt.Fprintf(mac, "%d", end)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (k csrf) valid(token string, who person, now time.Time) bool {
	body, ok := strings.CutSuffix(token, csrfEnd)
	if !ok || len(body) < 32 || who.Name == "" {
		return false
	}
	end, err := strconv.ParseInt(body[32:], 16, 64)
	return err == nil && now.Unix() < end && hmac.Equal([]byte(body[:32]), []byte(k.seal(who, end)))
}
