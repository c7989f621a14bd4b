package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filewarden/tasks/copyvio/imagehash"
)

// Where to find the peers in hashing, and what makes this binary one of them.
const (
	referenceVariable   = "FILEWARDEN_PDQ"             // Meta's pdq-photo-hasher; "" where there is none
	imagePythonVariable = "FILEWARDEN_BENCH_IMAGEHASH" // a Python that has imagehash
	faissVariable       = "FILEWARDEN_BENCH_FAISS"     // a Python that has faiss
	hasherVariable      = "FILEWARDEN_BENCH_BE_HASHER" // set for a child that hashes
)

// TestHowFastImagesAre needs no wiki.
func TestHowFastImagesAre(t *testing.T) {
	chosen, ok := sizes()[os.Getenv(sizeVariable)]
	if !ok {
		t.Skip("the benchmarks are run by tests/bench/run")
	}
	hashing(t, chosen)
	for _, n := range chosen.codes {
		searching(t, n, chosen.rounds)
	}
	recall(t, chosen.pictures)
}

// TestBeHasher is no test but a child of this one: it prints the hash, the quality
// and the name of each file named on its input, as pdq-photo-hasher -i does.
func TestBeHasher(t *testing.T) {
	if os.Getenv(hasherVariable) == "" {
		t.Skip("this is run by TestHowFastImagesAre")
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		data, err := os.ReadFile(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		p := opened(t, data).AsStored().Print()
		fmt.Printf("%s,%d,%s,%s\n", p.PDQ, p.Quality, lines.Text(), p.PHash)
	}
}

// hasher is a program that hashes files.
type hasher struct {
	name    string
	command func() *exec.Cmd

	wall, cpu, peak series
	hashes          []string // the first of each line
}

func hashers(t *testing.T) []*hasher {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	all := []*hasher{{name: "filewarden, PDQ and pHash", command: func() *exec.Cmd {
		cmd := exec.Command(self, "-test.run=^TestBeHasher$")
		cmd.Env = append(os.Environ(), hasherVariable+"=1")
		return cmd
	}}}
	if path := os.Getenv(referenceVariable); path != "" {
		all = append(all, &hasher{name: "Meta's C++ reference, PDQ", command: func() *exec.Cmd { return exec.Command(path, "-i") }})
	}
	if python := os.Getenv(imagePythonVariable); python != "" {
		all = append(all, &hasher{name: "Python imagehash, pHash", command: func() *exec.Cmd { return exec.Command(python, "peers/hash.py") }})
	}
	return all
}

// hashing is the ninth row: the same files for all, decoded and hashed in one
// process that does one after the other.
func hashing(t *testing.T, s size) {
	var list strings.Builder
	dir := t.TempDir()
	for i := range s.hashed {
		path := filepath.Join(dir, fmt.Sprintf("%d.jpg", i))
		if err := os.WriteFile(path, asJPEG(photo(uint64(1000+i), 960, 640), 85), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&list, path)
	}
	all := hashers(t)
	for range s.rounds {
		for _, h := range all {
			h.run(t, list.String())
		}
		slices.Reverse(all)
	}
	out := table{Title: fmt.Sprintf("9. Hashes of %d JPEGs of 960 px, decoding included: not slower than the C++ reference", s.hashed)}
	out.row("", "wall ms each", "CPU ms each", "memory MB", "hashes", "verdict")
	us := all[slices.IndexFunc(all, func(h *hasher) bool { return strings.HasPrefix(h.name, "filewarden") })]
	for _, h := range all {
		same, verdict := compareHashes(us, h)
		out.row(h.name, each(h.wall, s.hashed), each(h.cpu, s.hashed), h.peak, same, verdict)
	}
	fmt.Println(out.String())
}

func (h *hasher) run(t *testing.T, list string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := h.command()
	cmd.Stdin = strings.NewReader(list)
	c, err := measure(ctx, cmd)
	if err != nil {
		t.Fatalf("%s: %v", h.name, err)
	}
	h.hashes = nil
	for line := range strings.Lines(c.Out) {
		if strings.Count(line, ",") >= 2 {
			h.hashes = append(h.hashes, strings.TrimSpace(line))
		}
	}
	if want := strings.Count(list, "\n"); len(h.hashes) != want {
		t.Errorf("%s: hashed %d of %d files", h.name, len(h.hashes), want)
	}
	h.wall, h.cpu = append(h.wall, 1000*seconds(c.Wall)), append(h.cpu, 1000*seconds(c.CPU))
	h.peak = append(h.peak, megabytes(c.Peak))
}

func each(s series, n int) (per series) {
	for _, x := range s {
		per = append(per, x/float64(n))
	}
	return per
}

// compareHashes tells how far our hashes are from a peer's, of the same kind.
func compareHashes(us, them *hasher) (same, verdict string) {
	if us == them {
		return "", ""
	}
	farthest, equal := 0, 0
	for i := range us.hashes {
		ours, theirs := strings.Split(us.hashes[i], ","), strings.Split(them.hashes[i], ",")
		d := 0
		if strings.HasPrefix(them.name, "Python") {
			a, _ := imagehash.ParsePHash(ours[3])
			b, _ := imagehash.ParsePHash(theirs[0])
			d = a.Distance(b)
		} else {
			a, _ := imagehash.ParseCode(ours[0])
			b, _ := imagehash.ParseCode(theirs[0])
			d = a.Distance(b)
			verdict = "reached"
		}
		farthest = max(farthest, d)
		if d == 0 {
			equal++
		}
	}
	if verdict != "" && us.cpu.median() > them.cpu.median() {
		verdict = "TOLD: filewarden is slower"
	}
	return fmt.Sprintf("%d of %d equal, at most %d bits off", equal, len(us.hashes), farthest), verdict
}
