//go:build unix

package storage

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// folderLock keeps other processes out of a folder. The kernel lets go of it
// when the process dies, however it dies.
type folderLock struct{ folder *os.File }

func lockFolder(dir string) (*folderLock, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Access(dir, unix.W_OK); err != nil {
		f.Close()
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return &folderLock{f}, nil
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, ErrInUse
	}
	return nil, err
}

func (l *folderLock) release() error { return l.folder.Close() }

// reserve is how much room a disk must have before a write is begun. The
// engine maps its logs into memory, and a mapped write to a full disk kills the
// process instead of returning an error; so the limit must hold whatever the
// engine may write between two checks: its memory tables, their flush and a
// compaction.
const reserve = 64 << 20

// checkRoom fails with ErrDiskFull before the disk is.
func checkRoom(dir string) error {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return fmt.Errorf("asking how much room the disk has: %w", err)
	}
	if free := uint64(s.Bavail) * uint64(s.Bsize); free < reserve {
		return &Error{Kind: ErrDiskFull, Doing: "writing to the store", Folder: dir,
			Detail: fmt.Sprintf("%d MiB are free, %d MiB are needed for safe writes", free>>20, reserve>>20),
			Next:   "Nothing was changed. Make room on that disk; the bot goes on by itself"}
	}
	return nil
}
