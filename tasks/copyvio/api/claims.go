package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// longestToken is that of an access token, in bytes. MediaWiki's have about one thousand.
const longestToken = 8 << 10

// claims of an access token that count here (RFC 7519, section 4.1, as
// Extension:OAuth fills them in AccessTokenEntity).
type claims struct {
	Audience json.RawMessage `json:"aud"` // client id of the consumer
	Expires  float64         `json:"exp"` // seconds since 1970, with a fraction
}

// readClaims reads what a token says. Whether that is true only the wiki knows:
// it takes the token as a whole or not at all, so what it took is what was signed.
func readClaims(token string) (c claims, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > longestToken {
		return c, errors.New("Invalid access token")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(raw)).Decode(&c)
	}
	if err != nil {
		return c, errors.New("Invalid access token")
	}
	return c, nil
}

func (c claims) expires() time.Time { return time.Unix(int64(min(max(c.Expires, 0), 1<<40)), 0) }

// audience is the one consumer that the token was issued to, or "".
func (c claims) audience() string {
	var one string
	var all []string
	if json.Unmarshal(c.Audience, &one) == nil {
		return one
	}
	if json.Unmarshal(c.Audience, &all) == nil && len(all) == 1 {
		return all[0]
	}
	return ""
}

// foreign refuses a token that says itself that it is not for here: it is not
// even shown to the wiki.
func (a *API) foreign(c claims, now time.Time) error {
	switch {
	case a.consumer == "":
		return badAuthorization("the operator of this bot has registered no OAuth 2 consumer, so nobody can log in here.")
	case c.audience() != a.consumer:
		return badAuthorization("the access token was issued to another consumer; the one of this bot is %s.", a.consumer)
	case !now.Before(c.expires()):
		return badAuthorization("the access token has expired.")
	}
	return nil
}
