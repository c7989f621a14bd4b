package imagehash

// An Orientation is one of the eight ways in which a rectangle can lie: what was
// done to a picture.
type Orientation int

// The eight orientations. Turns are counterclockwise.
const (
	Same Orientation = iota
	Turned90
	Turned180
	Turned270
	FlippedTopDown   // upside down in a mirror
	FlippedLeftRight // as in a mirror
	Transposed       // across the diagonal from top left
	Antitransposed   // across the other diagonal

	// Orientations is how many there are.
	Orientations
)

func (o Orientation) String() string {
	names := [Orientations]string{
		"same", "turned 90°", "turned 180°", "turned 270°",
		"flipped top-down", "flipped left-right", "transposed", "antitransposed",
	}
	if o < 0 || o >= Orientations {
		return "unknown orientation"
	}
	return names[o]
}

// symmetry says what an orientation does to the cosine transform: turning a
// picture over changes the sign of every odd frequency in that direction, and
// exchanging its axes exchanges the frequencies'.
type symmetry struct{ oddRows, oddCols, swap bool }

func (o Orientation) symmetry() symmetry {
	return [Orientations]symmetry{
		Same:             {},
		Turned90:         {oddCols: true, swap: true},
		Turned180:        {oddRows: true, oddCols: true},
		Turned270:        {oddRows: true, swap: true},
		FlippedTopDown:   {oddRows: true},
		FlippedLeftRight: {oddCols: true},
		Transposed:       {swap: true},
		Antitransposed:   {oddRows: true, oddCols: true, swap: true},
	}[o]
}

// moves gives where the coefficient of frequencies (row, col) goes, by its place
// (i, j), and whether its sign changes.
func (s symmetry) moves(row, col, i, j int) (toI, toJ int, negative bool) {
	negative = (s.oddRows && row%2 == 1) != (s.oddCols && col%2 == 1)
	if s.swap {
		return j, i, negative
	}
	return i, j, negative
}
