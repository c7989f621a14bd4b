package wiki

import (
	"maps"
	"sync"
)

// Traffic is what a session has cost so far.
type Traffic struct {
	Requests int64            // attempts, those that failed included
	Bytes    int64            // of answers, unpacked
	Retries  int64            // waits before a request was sent again
	Actions  map[string]int64 // requests by action
}

// counter counts the traffic of a session.
type counter struct {
	mu sync.Mutex
	t  Traffic
}

// Stats of the session since it was opened.
func (s *Session) Stats() Traffic {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	t := s.stats.t
	t.Actions = maps.Clone(t.Actions)
	return t
}

func (c *counter) sent(action string, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t.Requests++
	c.t.Bytes += bytes
	if c.t.Actions == nil {
		c.t.Actions = map[string]int64{}
	}
	c.t.Actions[action]++
}

func (c *counter) retried() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t.Retries++
}
