package wiki

import (
	"context"
	"fmt"
)

// tokenKind is the type of token a write needs (API:Tokens); "" for none.
func tokenKind(action string) string {
	switch action {
	case "purge", "clearhasmsg":
		return ""
	case "rollback", "patrol", "watch", "userrights":
		return action
	}
	return "csrf"
}

// token from the cache, or fetched.
func (s *Session) token(ctx context.Context, kind string) (string, error) {
	s.mu.Lock()
	token := s.tokens[kind]
	s.mu.Unlock()
	if token != "" {
		return token, nil
	}
	token, err := s.fetchToken(ctx, kind)
	if err != nil {
		return "", fmt.Errorf("%w: asking %s for a token: %w", errNotSent, s.host, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[kind] = token
	return token, nil
}

// fetchToken asks without any assertion: that would make logging in again impossible.
func (s *Session) fetchToken(ctx context.Context, kind string) (string, error) {
	a, err := s.do(ctx, call{plain: true, p: Params{"action": "query", "meta": "tokens", "type": kind}})
	if err != nil {
		return "", err
	}
	tokens, _ := a.query()["tokens"].(map[string]any)
	token, _ := tokens[kind+"token"].(string)
	if token == "" {
		return "", fmt.Errorf("the wiki gave no %s token", kind)
	}
	return token, nil
}

// dropTokens makes the next write fetch a fresh token.
func (s *Session) dropTokens(context.Context, int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
	return nil
}
