package wiki

import "context"

// Farm is the set of wikis this bot may read: the home wiki and the hosts the operator allows.
type Farm struct{}

// NewFarm builds the set; hosts are "host", "host:port" or an api.php address.
func NewFarm(home *Session, hosts []string, s Settings) *Farm { panic("stub") }

// Home is the wiki that the bot has an account on.
func (f *Farm) Home() *Session { panic("stub") }

// Place is one foreign (or the home) wiki as found in an answer of GlobalUsage.
type Place struct {
	Key  string // stable name of the wiki: its URL without the title; GlobalUsage's wiki field where no URL is known
	Host string // host[:port] for showing
}

// PlaceOf says which wiki a GlobalUsage row is on: wiki is its field, url its address, title the page's (with underscores).
func (f *Farm) PlaceOf(wiki, url, title string) Place { panic("stub") }

// At opens (once) the session of a place. ErrNotAllowed when the operator has not named its host.
func (f *Farm) At(ctx context.Context, p Place) (*Session, error) { panic("stub") }

// Name is the readable name of a wiki in a language ("English Wikipedia"), or its host where nothing better is known.
func (f *Farm) Name(ctx context.Context, p Place, language string) string { panic("stub") }

// SamePerson says whether equal account names on the home wiki and at p are one person (mode: sitematrix, all, none).
func (f *Farm) SamePerson(ctx context.Context, p Place, mode string) bool { panic("stub") }
