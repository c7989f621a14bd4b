package offline

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	"filewarden/tasks/provenance/audit"

	"golang.org/x/sync/errgroup"
)

// Reader reads texts and audits them.
type Reader struct {
	Stdin     io.Reader
	StdinName string         // what standard input is called; its language is told by it
	Language  audit.Language // of files whose name tells none; "": they are not read
}

// Stdin is the name that stands for standard input.
const Stdin = "-"

// Each audits files and hands on what came of each, in their order, one at a
// time. It ends early only with ctx or when each returns an error.
func (r Reader) Each(ctx context.Context, files []File, each func(Item) error) error {
	defer collectLate()()
	work, ctx := errgroup.WithContext(ctx)
	items := make([]chan Item, len(files))
	for i := range items {
		items[i] = make(chan Item, 1)
	}
	next := largestFirst(files)
	var taken atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() error {
			var room bytes.Buffer // what is kept of a text is no part of it
			for n := taken.Add(1); n <= int64(len(next)) && ctx.Err() == nil; n = taken.Add(1) {
				i := next[n-1]
				items[i] <- r.read(files[i], &room)
			}
			return ctx.Err()
		})
	}
	work.Go(func() error { return inTurn(ctx, items, each) })
	return work.Wait()
}

// largestFirst is the order in which files are started, as places in files: one
// that takes long and is started last would be waited for by all.
func largestFirst(files []File) []int {
	sizes, order := make([]int64, len(files)), make([]int, len(files))
	for i, f := range files {
		order[i] = i
		if info, err := os.Stat(f.Path); err == nil {
			sizes[i] = info.Size()
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	return order
}

// inTurn hands on what came of files, in their order.
func inTurn(ctx context.Context, items []chan Item, each func(Item) error) error {
	for _, next := range items {
		select {
		case item := <-next:
			if err := each(item); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Garbage is collected when what was made since has grown by so many percent of
// what is in use, a ballast in bytes counted with it.
const (
	gcPercent = 50
	ballast   = 160 << 20
)

// collectLate has garbage collected less often while there is little of it:
// most of what is made of a small file is of no use as soon as it was read. A
// ballast that nobody writes to takes no memory; with it, few collections are
// needed for small files, and large ones still take little more than they use.
func collectLate() (back func()) {
	weight := make([]byte, ballast)
	was := debug.SetGCPercent(gcPercent)
	return func() {
		debug.SetGCPercent(was)
		runtime.KeepAlive(weight)
	}
}

// read audits one file. Its text stands in room until the next one.
func (r Reader) read(f File, room *bytes.Buffer) Item {
	path := filepath.ToSlash(f.Path)
	if f.Path == Stdin {
		path = r.StdinName
	}
	language, known := audit.LanguageOf(path)
	if !known {
		language = r.Language
	}
	if f.Failure == nil && language == "" {
		return Item{Result: audit.Result{Path: path, Analysis: audit.Skipped, Why: "its name tells no language that is known here; --as names one"}}
	}
	text, err := r.text(f, room)
	if err != nil {
		return failed(path, language, err)
	}
	return Audit(audit.Source{Path: path, Language: language, Text: text})
}

func failed(path string, language audit.Language, err error) Item {
	return Item{Result: audit.Result{Path: path, Analysis: audit.Skipped, Why: err.Error()}, Language: language, Failure: err}
}

// Audit audits one text. What it returns keeps none of the text in memory.
func Audit(src audit.Source) Item {
	result := audit.File(src)
	for n := range result.Findings {
		result.Findings[n] = unbound(result.Findings[n])
	}
	for n := range result.Ignored {
		result.Ignored[n].Finding = unbound(result.Ignored[n].Finding)
	}
	return Item{Result: result, Language: src.Language, Excerpts: excerpts(src.Text, result.Findings)}
}

// unbound is a finding with strings of its own: parts of a string hold the
// whole of it in memory.
func unbound(f audit.Finding) audit.Finding {
	f.Code, f.Fix = strings.Clone(f.Code), strings.Clone(f.Fix)
	for n, a := range f.Args {
		f.Args[n] = strings.Clone(a)
	}
	return f
}

// text of a file, as far as the audit would read it and one byte more.
func (r Reader) text(f File, room *bytes.Buffer) ([]byte, error) {
	if f.Failure != nil {
		return nil, f.Failure
	}
	room.Reset()
	if f.Path == Stdin {
		return upTo(r.Stdin, room)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, plain(err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		room.Grow(int(min(info.Size(), audit.MaxSize+1)) + bytes.MinRead)
	}
	return upTo(file, room)
}

func upTo(from io.Reader, room *bytes.Buffer) ([]byte, error) {
	if _, err := room.ReadFrom(io.LimitReader(from, audit.MaxSize+1)); err != nil {
		return nil, fmt.Errorf("reading it: %w", plain(err))
	}
	return room.Bytes(), nil
}
