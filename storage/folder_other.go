//go:build !unix

package storage

// folderLock does nothing here: on these systems the engine's own lock, inside
// its folder, is all there is.
type folderLock struct{}

func lockFolder(string) (*folderLock, error) { return &folderLock{}, nil }

func (*folderLock) release() error { return nil }

// checkRoom cannot ask for free space here.
func checkRoom(string) error { return nil }
