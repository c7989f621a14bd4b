package casebook

import (
	"fmt"
	"strings"
)

// State of a case. The numbers are those of the Fortuna proposal, and of the
// review API.
type State int

const (
	Open     State = 0  // unreviewed
	Accepted State = 1  // a reviewer says: the image was copied
	Rejected State = -1 // a reviewer says: it may stay
	Aside    State = -2 // unreviewed, and not on the page of all cases: the picture is not for everybody
	Withheld State = -3 // on no page
	Unshown  State = -4 // could not be shown: the file, or what matched it, is not there
)

// words of the states, as they stand on pages and in the review API.
var words = map[State]string{Open: "open", Accepted: "accepted", Rejected: "rejected",
	Aside: "aside", Withheld: "withheld", Unshown: "unshown"}

// String is the state's word.
func (s State) String() string {
	if w, ok := words[s]; ok {
		return w
	}
	return fmt.Sprintf("State(%d)", int(s))
}

// ParseState reads a state's word; case and spaces around it do not matter.
func ParseState(word string) (State, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	for s, w := range words {
		if w == word {
			return s, true
		}
	}
	return Open, false
}

// Undecided says that a reviewer has yet to look.
func (s State) Undecided() bool { return s == Open || s == Aside }

// Decided says that a reviewer did.
func (s State) Decided() bool { return s == Accepted || s == Rejected }
