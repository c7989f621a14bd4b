// Package providertest stands in for the reverse-image services: Google Cloud
// Vision, TinEye, Yandex, and one that speaks the bot's own contract, behind
// one handler. Tests and the demo use it.
//
// # Model
//
// What is answered follows from the image alone: the SHA-1 of the bytes that
// were received names a [Scenario], else there is a default. Each personality
// says the same finding in its own words, in the forms that are documented or
// were recorded. It is strict where the real service is: what that would refuse
// is refused, and what the bot must not do although the real one bears it, such
// as a key in an address, is listed by [Server.Faults].
//
// The [Server] keeps a ledger of what each service would have billed for each
// image: nothing for a refusal, and the full price for an answer that does not
// arrive whole. So a test can claim that nothing was paid for twice.
package providertest

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"filewarden/tasks/copyvio/provider"
)

// Names of the services, as keys of the ledger.
const (
	Google   = "google"
	TinEye   = "tineye"
	Yandex   = "yandex"
	Contract = "contract" // how Keys calls the one that speaks the contract
)

// Keys that are taken; any other is refused.
const (
	GoogleKey   = "AIza-for-tests-only-google"
	TinEyeKey   = "for-tests-only-tineye"
	YandexKey   = "for-tests-only-yandex"
	ContractKey = "for-tests-only-contract"
	folder      = "b1gtestfolder"
)

// Options are how a server behaves; the zero value finds nothing.
type Options struct {
	Default  Scenario            // of images without one of their own; empty: None
	Scenes   map[string]Scenario // by SHA-1 of the bytes sent, in hex
	Searches int                 // that TinEye has left at first; 0: 5000
	Slow     time.Duration       // how long the scenario Slow takes; 0: two minutes
}

// Server is the four services. It is safe for use by many goroutines.
type Server struct {
	mu       sync.Mutex
	o        Options
	scenes   map[string]Scenario
	billed   map[string]map[string]int // units, by service and SHA-1 of the bytes
	requests map[string]int
	biggest  map[string]int // images in one request
	turned   map[string]bool
	faults   []string
	held     chan struct{}
}

// New makes a server.
func New(o Options) *Server {
	if o.Default == "" {
		o.Default = None
	}
	if o.Searches == 0 {
		o.Searches = 5000
	}
	if o.Slow == 0 {
		o.Slow = 2 * time.Minute
	}
	scenes := maps.Clone(o.Scenes)
	if scenes == nil {
		scenes = map[string]Scenario{}
	}
	return &Server{o: o, scenes: scenes, billed: map[string]map[string]int{}, requests: map[string]int{},
		biggest: map[string]int{}, turned: map[string]bool{}, held: make(chan struct{})}
}

// Serve is the handler of all services; they are told apart by path, as they
// are in reality by host and path.
func (s *Server) Serve() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/images:annotate", s.google)
	mux.HandleFunc("POST /v1/projects/{project}/locations/{location}/images:annotate", s.google)
	mux.HandleFunc("/rest/search/", s.tineyeSearch)
	mux.HandleFunc("GET /rest/remaining_searches/", s.tineyeRemaining)
	mux.HandleFunc("GET /rest/image_count/", s.tineyeCount)
	mux.HandleFunc("POST /v2/image/search_by_image", s.yandex)
	mux.HandleFunc("POST /contract", s.contract)
	return mux
}

// Keys are the operator's settings for the services of a server that listens
// at base, such as http://127.0.0.1:8080.
func Keys(base string) provider.Keys {
	return provider.Keys{
		Google:    provider.GoogleKey{Key: GoogleKey, Endpoint: base + "/v1/images:annotate"},
		Yandex:    provider.YandexKey{Key: YandexKey, Folder: folder, Endpoint: base + "/v2/image/search_by_image"},
		TinEye:    provider.TinEyeKey{Key: TinEyeKey, Endpoint: base + "/rest/"},
		Contracts: map[string]provider.ContractKey{Contract: {URL: base + "/contract", Key: ContractKey}},
	}
}

// Set gives an image a scenario, by the SHA-1 of its bytes in hex.
func (s *Server) Set(sha1 string, scene Scenario) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scenes[sha1] = scene
}

// SetDefault changes the scenario of images that have none of their own.
func (s *Server) SetDefault(scene Scenario) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Default = scene
}

// Billed are the units that a service would have billed, by SHA-1 of the bytes.
func (s *Server) Billed(service string) map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.billed[service])
}

// Forget begins a new ledger.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.billed)
}

// Requests is how many requests for images a service had, refused ones too.
func (s *Server) Requests(service string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[service]
}

// Biggest is how many images the biggest of them held.
func (s *Server) Biggest(service string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.biggest[service]
}

// Faults is what a client did that the bot must not do, or that the real
// service would refuse.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// Held gives a value whenever a request of the scenario Slow is kept waiting,
// so a test need not guess when to lose patience.
func (s *Server) Held() <-chan struct{} { return s.held }

func (s *Server) fault(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, what)
}

// arrived counts a request and finds the scenarios of its images.
func (s *Server) arrived(service string, sums []string) []Scenario {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[service]++
	s.biggest[service] = max(s.biggest[service], len(sums))
	scenes := make([]Scenario, len(sums))
	for i, sum := range sums {
		scenes[i] = s.o.Default
		if own, ok := s.scenes[sum]; ok {
			scenes[i] = own
		}
	}
	return scenes
}

// bill notes what images cost. Those with a fault of their own cost nothing.
func (s *Server) bill(service string, sums []string, scenes []Scenario, units int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.billed[service] == nil {
		s.billed[service] = map[string]int{}
	}
	for i, sum := range sums {
		if scenes[i] == ImageError || scenes[i] == BadImage {
			continue
		}
		s.billed[service][sum] += units
		if service == TinEye {
			s.o.Searches--
		}
	}
}

// firstTime is true once for each image and service.
func (s *Server) firstTime(service string, sums []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := false
	for _, sum := range sums {
		first = first || !s.turned[service+sum]
		s.turned[service+sum] = true
	}
	return first
}
