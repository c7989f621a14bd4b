package storage_test

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"filewarden/storage"
)

// writerFolder, in the environment, makes the test binary the process that is
// to be killed.
const writerFolder = "FILEWARDEN_TEST_WRITER_FOLDER"

var kills = flag.Int("kills", 4, "how often the writer is killed")

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerFolder); dir != "" {
		writeForEver(dir)
	}
	os.Exit(m.Run())
}

// writeForEver prints each row's number once its Update has returned. The rows
// are fat, so that memory tables fill, flush and compact while it dies.
func writeForEver(dir string) {
	s, err := storage.Open(dir, storage.Options{})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fat := strings.Repeat("filewarden", 6000)
	for i := nextRow(s); ; i++ {
		err := s.Update(func(tx storage.Tx) error {
			row := fmt.Sprintf("%06d", i)
			if err := tx.Set([]byte(row), []byte(fat), 0); err != nil {
				return err
			}
			return numbers.Put(tx, i, row)
		})
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

func nextRow(s storage.Store) (n int) {
	_ = s.View(func(tx storage.Tx) (err error) {
		n, err = numbers.Count(tx)
		return err
	})
	return n
}

func TestKilledWriterLosesNothingItWasPromised(t *testing.T) {
	t.Parallel()
	const seed = 2
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(seed, seed))
	promised := -1
	for range *kills {
		promised = max(promised, killAfter(t, dir, 1+random.IntN(100)))
		s := open(t, dir)
		n := nextRow(s)
		if n <= promised {
			t.Fatalf("row %d was promised, %d rows are there", promised, n)
		}
		wantRows(t, s, n)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killAfter runs a writer until it has written rows, kills it, and returns the
// last row that it had promised.
func killAfter(t *testing.T, dir string, rows int) (last int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writerFolder+"="+dir)
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	last = -1
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if n == rows {
			child.Process.Kill()
		}
		i, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the writer says %q", lines.Text())
		}
		last = i
	}
	io.Copy(io.Discard, out)
	child.Wait()
	return last
}
