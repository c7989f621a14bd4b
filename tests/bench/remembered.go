package bench

import (
	"fmt"
	"testing"

	"filewarden/storage"
)

// Rows of the task's memory, as far as the bench reads them.
type (
	fileRow struct {
		Uses []struct{} `json:"u"`
	}
	historyRow struct {
		Title string `json:"t"`
		User  string `json:"u"`
	}
)

// remembered is what the bot knows after a pass: files, their uses, and who
// added a file to a page, by page.
type remembered struct {
	Files, Uses int
	Who         map[string]string
}

// recall reads the memory of an account while the bot is not running.
func (b *bench) recall(t *testing.T, as account) remembered {
	t.Helper()
	store, err := storage.Open(b.folder(as)+"/store", storage.Options{Version: "bench"})
	if err != nil {
		t.Fatalf("opening the bot's memory: %v", err)
	}
	defer store.Close()
	all := remembered{Who: map[string]string{}}
	err = storage.Part(store, "live/task/usage").View(func(tx storage.Tx) error {
		for row, err := range storage.NewTable[fileRow]("file", 1).Scan(tx) {
			if err != nil {
				return fmt.Errorf("reading files: %w", err)
			}
			all.Files++
			all.Uses += len(row.Value.Uses)
		}
		for row, err := range storage.NewTable[historyRow]("history", 1).Scan(tx) {
			if err != nil {
				return fmt.Errorf("reading histories: %w", err)
			}
			all.Who[row.Value.Title] = row.Value.User
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
