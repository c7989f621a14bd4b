package imagehash

// The rule of evidence. Hashes of two unrelated pictures differ in 128 of 256
// bits, give or take 8 for random ones; the nearest pair among real pictures
// stood at 52. A shrunken or recompressed copy stays within 31 bits, as Meta
// recommends; small crops, borders and a turn of a degree go up to 60, where a
// second hash has to agree.
const (
	// LeastQuality is the quality below which a hash says nothing: a nearly even
	// picture is alike to every other.
	LeastQuality = 50
	// SureDistance is the most bits between PDQ hashes of certain copies.
	SureDistance = 31
	// LikelyDistance is the most bits between PDQ hashes that a pHash may confirm.
	LikelyDistance = 60
	// AgreeingDistance is the most bits between pHashes that confirm.
	AgreeingDistance = 12
)

// A Verdict is how alike two pictures are.
type Verdict int

// The verdicts, from nothing to certainty.
const (
	Different Verdict = iota
	Likely            // 32 to 60 bits apart, and the second hash agrees
	Sure              // at most 31 bits apart
)

func (v Verdict) String() string {
	switch v {
	case Sure:
		return "sure"
	case Likely:
		return "likely"
	}
	return "different"
}

// Judge applies the rule of evidence to the distances between two faces of
// pictures whose hashes have quality enough.
func Judge(pdq, phash int) Verdict {
	switch {
	case pdq <= SureDistance:
		return Sure
	case pdq <= LikelyDistance && phash <= AgreeingDistance:
		return Likely
	}
	return Different
}

// Alike says how alike a picture is to a stored one, in the orientation in which
// it is the most.
func Alike(q Query, p Print) (Verdict, Orientation) {
	best, in := Different, Same
	if q.Quality < LeastQuality || p.Quality < LeastQuality {
		return best, in
	}
	nearest := LikelyDistance + 1
	for o, f := range q.Faces {
		distance := f.PDQ.Distance(p.PDQ)
		v := Judge(distance, f.PHash.Distance(p.PHash))
		if v > best || v == best && v != Different && distance < nearest {
			best, in, nearest = v, Orientation(o), distance
		}
	}
	return best, in
}
