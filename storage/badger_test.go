package storage

import (
	"errors"
	"testing"
	"time"
)

// Only a machine that loses power would show the difference, so the option
// itself is held.
func TestUpdatesInAFolderAreSyncedToDisk(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.(*database).db.Opts().SyncWrites {
		t.Error("an update returns before it is on the disk")
	}
}

func TestExpiryIsNeverEarly(t *testing.T) {
	now := time.Unix(1000, 500)
	for ttl, want := range map[time.Duration]uint64{
		time.Nanosecond: 1001, time.Second - 500: 1001, time.Second: 1002, time.Hour: 4601,
	} {
		if got := expiry(now, ttl); got != want {
			t.Errorf("after %v: second %d, want %d", ttl, got, want)
		}
	}
}

func TestFullDiskStopsAnUpdateBeforeItBegins(t *testing.T) {
	s := Memory().(*database)
	defer s.Close()
	s.room = func() error { return &Error{Kind: ErrDiskFull} }
	err := s.Update(func(Tx) error { t.Error("it ran"); return nil })
	if !errors.Is(err, ErrDiskFull) {
		t.Errorf("error %v, want ErrDiskFull", err)
	}
	if err := s.View(func(Tx) error { return nil }); err != nil {
		t.Errorf("a view fails too: %v", err)
	}
}

func TestRoomIsMeasured(t *testing.T) {
	if err := checkRoom(t.TempDir()); err != nil && !errors.Is(err, ErrDiskFull) {
		t.Error(err)
	}
	if err := checkRoom("/nonexistent/folder"); err == nil {
		t.Error("a folder that is not there has room")
	}
}
