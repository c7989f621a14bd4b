package storage_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"filewarden/storage"
)

// A use as the usage task might remember it, a million times.
type benchUse struct {
	Added int64 `json:"added"`
	By    int64 `json:"by"`
}

var benchUses = storage.NewTable[benchUse]("uses", 1)

const benchRows = 1_000_000

// BenchmarkMillionRows puts a million small rows, opens the store anew, scans
// them all, and reports what the process takes up at each point.
func BenchmarkMillionRows(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		s := open(b, dir)
		report(b, "empty")
		b.Run("put", func(b *testing.B) {
			for b.Loop() {
				putMillion(b, s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
			report(b, "put")
		})
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.Run("reopen", func(b *testing.B) {
			for b.Loop() {
				s = open(b, dir)
				b.StopTimer()
				report(b, "reopened")
				b.StartTimer()
				s.Close()
			}
		})
		s = open(b, dir)
		b.Run("scan", func(b *testing.B) {
			for b.Loop() {
				scanMillion(b, s)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
			report(b, "scanned")
		})
		b.Run("backup", func(b *testing.B) {
			for b.Loop() {
				if err := s.Backup(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			report(b, "backed-up")
		})
		s.Close()
	}
}

func putMillion(b *testing.B, s storage.Store) {
	items := make([]int, benchRows)
	for i := range items {
		items[i] = i
	}
	err := storage.UpdateEach(s, items, func(tx storage.Tx, i int) error {
		file := fmt.Sprintf("File:Photograph %06d.jpg", i/3)
		return benchUses.Put(tx, benchUse{int64(i), int64(i)}, file, "enwiki", strconv.Itoa(i))
	})
	if err != nil {
		b.Fatal(err)
	}
}

func scanMillion(b *testing.B, s storage.Store) {
	n := 0
	err := s.View(func(tx storage.Tx) error {
		for _, err := range benchUses.Scan(tx) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil || n != benchRows {
		b.Fatalf("%d rows, %v", n, err)
	}
}

// report adds the process's resident memory and heap, in MiB, after giving
// back what is free.
func report(b *testing.B, when string) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), when+"-heap-MiB")
	for _, name := range []string{"VmRSS:", "RssAnon:"} {
		b.ReportMetric(statusMiB(name), when+"-"+strings.TrimSuffix(name, ":")+"-MiB")
	}
}

// statusMiB reads a line of /proc/self/status; 0 where there is none.
func statusMiB(name string) float64 {
	raw, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(raw), name)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseFloat(fields[0], 64)
	return kib / 1024
}
