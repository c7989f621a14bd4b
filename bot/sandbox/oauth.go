package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// oauthLife is how long an access token is good ($wgOAuth2GrantExpirationInterval
// of Wikimedia's wikis).
const oauthLife = 4 * time.Hour

// OAuthToken lets a user act through a consumer, limited to the rights of these
// grants, and returns the access token: a JWT as Extension:OAuth issues them
// (AccessTokenEntity), whose "aud" is the consumer's key and whose "sub" the
// user's central id. Its signature is random: the wiki knows its tokens, and
// nobody else can tell a good one. It is good for four hours.
func (w *Wiki) OAuthToken(user, consumer string, grants ...string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, now := w.addIfMissing(user), w.now()
	grants = orUsualGrants(grants)
	token := jwt(M{"aud": consumer, "jti": randomHex(40), "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(oauthLife).Unix(),
		"sub": idText(a.id), "iss": w.opts.Server, "ratelimit": M{"requests_per_unit": 5000, "unit": "HOUR"}, "scopes": grants})
	w.bearers[token] = &login{account: a, secret: token, grants: grants, until: now.Add(oauthLife)}
	return token
}

func jwt(claims M) string {
	part := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			panic("sandbox: writing a token: " + err.Error()) // maps of plain values
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	signature := make([]byte, 256) // as long as one of RS256
	_, _ = rand.Read(signature)    // never fails
	return part(M{"typ": "JWT", "alg": "RS256"}) + "." + part(claims) + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// RevokeToken makes a bearer token worthless.
func (w *Wiki) RevokeToken(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.bearers, token)
}

// bearer is the login of an "Authorization: Bearer" header; nil without one, or
// when it is not good.
func (w *Wiki) bearer(r *http.Request) (l *login, sent bool) {
	token, sent := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	l = w.bearers[token]
	if l != nil && !l.until.IsZero() && !w.now().Before(l.until) {
		l = nil
	}
	return l, sent
}

// serveOAuth is rest.php/oauth2/resource/profile and …/scopes: whose token it
// is, and what it may do. It does not say to whom it was issued.
func (w *Wiki) serveOAuth(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.opts.OAuth {
		writeREST(rw, http.StatusNotFound, M{"errorKey": "rest-no-match", "httpCode": 404, "httpReason": "Not Found"})
		return
	}
	l, sent := w.bearer(r)
	if l == nil {
		hint := `Missing "Authorization" header`
		if sent {
			hint = "Access token could not be verified"
		}
		denied := "The resource owner or authorization server denied the request."
		writeREST(rw, http.StatusUnauthorized, M{"error": "access_denied", "error_description": denied, "hint": hint, "message": denied})
		return
	}
	if r.PathValue("type") == "scopes" {
		writeREST(rw, http.StatusOK, M{"scopes": l.grants})
		return
	}
	writeREST(rw, http.StatusOK, w.profile(l))
}

// profile is what UserStatementProvider tells of a user.
func (w *Wiki) profile(l *login) M {
	a := l.account
	if a.hidden {
		return M{"sub": a.id, "blocked": true}
	}
	rights := w.rightsOf(l)
	out := M{"sub": a.id, "username": a.name, "editcount": a.edits, "confirmed_email": a.email, "blocked": w.blockOf(a.name) != nil,
		"registered": mwTime(a.registered), "groups": groupsOf(a), "rights": rights, "grants": l.grants}
	if slices.Contains(rights, "viewmyprivateinfo") {
		out["realname"], out["email"] = "", a.name+"@example.org"
	}
	return out
}

func writeREST(rw http.ResponseWriter, status int, body M) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	enc := json.NewEncoder(rw)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the client went away
}
