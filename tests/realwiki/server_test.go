package realwiki

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestWikiTakesAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	w := Start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().(*net.TCPAddr).Port

	w.at(taken)
	if err := w.serve(t); !errors.Is(err, errTaken) {
		t.Fatalf("serving on a port in use gave %v", err)
	}
	if err := w.serveSomewhere(t, []*Wiki{w}); err != nil {
		t.Fatal(err)
	}
	if w.settings.Port == taken {
		t.Error("it is still on the port that was taken")
	}
}

// A test that panics or is killed runs no cleanup: all that is left to PHP is
// that the shell above it lost its input.
func TestServerEndsWithTheTestProcess(t *testing.T) {
	w := Start(t)
	server, lifeline, err := w.launch()
	if err != nil {
		t.Fatal(err)
	}
	if err := lifeline.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err == nil {
		t.Error("the shell ended as if nothing had happened")
	}
	for range 500 {
		if syscall.Kill(-server.Process.Pid, 0) == syscall.ESRCH {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("something of the server's group is still alive")
}

func TestMirrorIsOneOfTheMachinesOwn(t *testing.T) {
	if !exists("/etc/debian_version") {
		t.Skip("this machine is not Debian")
	}
	found, err := mirrors()
	if err != nil || len(found) == 0 {
		t.Fatalf("apt's sources gave %v, %v", found, err)
	}
	config, err := privateApt(found[0], t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(filepath.Dir(config), "sources.list"))
	if err != nil || len(source) == 0 {
		t.Errorf("the private source is %q, %v", source, err)
	}
}
