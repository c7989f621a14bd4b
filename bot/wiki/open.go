package wiki

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	mwclient "cgt.name/pkg/go-mwclient"
)

// Open logs in to the home wiki and returns the session and its writer.
func Open(ctx context.Context, set Settings) (*Session, *Writer, error) {
	if set.Token == "" && (set.User == "" || set.Password == "") {
		return nil, nil, errors.New("no login: give USER and PASSWORD (a bot password from Special:BotPasswords), or TOKEN (OAuth 2)")
	}
	s, err := newSession(set)
	if err != nil {
		return nil, nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, nil, err
	}
	return s, &Writer{s: s}, nil
}

// OpenReader opens a wiki that is only read, without an account.
func OpenReader(ctx context.Context, set Settings) (*Session, error) {
	set.User, set.Password, set.Token = "", "", ""
	s, err := newSession(set)
	if err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// start logs in where there is an account and asks the wiki what it is. It is
// less patient than the session is later: a wrong address should be told to
// whoever is waiting at the terminal.
func (s *Session) start(ctx context.Context) error {
	patient := s.set.Deadline
	s.set.Deadline = min(patient, firstContact)
	defer func() { s.set.Deadline = patient }()
	if s.set.Password != "" {
		if err := s.logIn(ctx); err != nil {
			return err
		}
	}
	return s.introduce(ctx)
}

// newSession checks the settings and fills in what they leave open.
func newSession(set Settings) (*Session, error) {
	agent, err := userAgent(set)
	if err != nil {
		return nil, err
	}
	u, err := apiURL(set.API)
	if err != nil {
		return nil, err
	}
	mw, err := newClient(u, agent)
	if err != nil {
		return nil, err
	}
	set = defaults(set)
	if set.Token != "" {
		set.Password = ""
	}
	return &Session{
		set: set, mw: mw, api: u, host: u.Host, base: set.Transport, stats: &counter{}, jitter: jitter,
		log:   set.Log.With().Str("wiki", u.Host).Logger(),
		slots: make(chan struct{}, set.Parallel), warned: map[string]bool{}, tokens: map[string]string{},
	}, nil
}

// newClient is a client of go-mwclient without cookies.
func newClient(api *url.URL, agent string) (*mwclient.Client, error) {
	mw, err := mwclient.New(api.String(), agent)
	if err != nil {
		return nil, fmt.Errorf("preparing the client of %s: %w", api.Host, err)
	}
	mw.UserAgent = agent
	return mw, nil
}

func defaults(set Settings) Settings {
	if set.Transport == nil {
		set.Transport = newTransport()
	}
	if set.Now == nil {
		set.Now = time.Now
	}
	if set.Sleep == nil {
		set.Sleep = Sleep
	}
	if set.Deadline <= 0 {
		set.Deadline = defaultDeadline
	}
	if set.Timeout <= 0 {
		set.Timeout = defaultTimeout
	}
	if set.MaxLag == 0 {
		set.MaxLag = defaultMaxLag
	}
	set.Parallel = max(1, min(set.Parallel, maxParallel))
	return set
}

// userAgent in the form that API:Etiquette and Wikimedia's User-Agent policy
// ask for: client/version (contact) library/version, and the word bot.
func userAgent(set Settings) (string, error) {
	contact := strings.TrimSpace(set.Contact)
	if contact == "" {
		return "", errors.New("no contact: set CONTACT to the operator's e-mail address or a page where they can be reached; wikis block bots that do not say whose they are")
	}
	if strings.ContainsFunc(contact, func(r rune) bool { return r < ' ' || r == 0x7f || r == '(' || r == ')' }) {
		return "", fmt.Errorf("contact %q holds a character that a User-Agent may not: give an e-mail address or a URL", clip(contact, 80))
	}
	version := set.Version
	if version == "" {
		version = "dev"
	}
	return fmt.Sprintf("Filewarden/%s (%s) bot %s", strings.Join(strings.Fields(version), "-"), contact, userAgentLibrary), nil
}
