// Package edge starts the configurations of templates/edge with the real
// HAProxy, Varnish and nginx, in front of a small origin and beside the real
// `filewarden url serve`, and looks at what clients and origin see.
//
// Everything runs on free ports of 127.0.0.1 and in folders of the test, needs
// no root, and ends with the test. In a configuration only the addresses and
// paths are replaced that its comments tell readers to replace; one that is no
// longer there fails the test.
package edge

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"filewarden/tests/realwiki"
)

// templates are the configurations as they are shipped.
const templates = "../../templates/edge"

// patience is how long a program may take to come up or to notice something.
const patience = 20 * time.Second

// need skips the test where real programs are not asked for or not there, and
// returns where the program is. Debian keeps servers where only root looks.
func need(t testing.TB, program string) string {
	t.Helper()
	if os.Getenv(realwiki.Variable) != "1" {
		t.Skipf("this test needs a real %s: set %s=1, or run tests/all", program, realwiki.Variable)
	}
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("there is no %s on this machine; tests/all installs it on Debian", program)
	return ""
}

// workshop is where filewarden is built once.
var workshop = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "filewarden-edge-") })

var build = sync.OnceValues(func() (string, error) {
	folder, err := workshop()
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "filewarden")
	if out, err := exec.Command("go", "build", "-o", program, "filewarden").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return program, nil
})

// Main runs the tests and takes filewarden away afterwards.
func Main(m *testing.M) {
	code := m.Run()
	if folder, err := workshop(); err == nil {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// process is a program at work.
type process struct {
	cmd  *exec.Cmd
	said lockedBuffer
	done chan struct{}
}

// start starts a program, which dies with the test even if that is killed.
func start(t testing.TB, name string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(name, args...), done: make(chan struct{})}
	p.cmd.Dir = t.TempDir()
	p.cmd.Env = []string{"PATH=/usr/sbin:" + os.Getenv("PATH"), "HOME=" + p.cmd.Dir}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended matters only to those who look
		close(p.done)
	}()
	t.Cleanup(func() {
		p.end()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(name), &p.said)
		}
	})
	return p
}

// end asks the program to end, and insists.
func (p *process) end() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // gone already is as good
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// lockedBuffer is what a program says, readable while it runs.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to it.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// freePort is an address of this machine that nobody listens at.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// until asks again and again whether something has come true.
func until(t testing.TB, what string, p *process, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
		select {
		case <-p.done:
			t.Fatalf("waiting until %s: the program ended. It said:\n%s", what, &p.said)
		default:
		}
	}
	t.Fatalf("waiting until %s: it never came. The program said:\n%s", what, &p.said)
}

// answers says whether somebody speaks HTTP at an address.
func answers(address string) bool {
	r, err := http.Get("http://" + address + "/health")
	if err != nil {
		return false
	}
	r.Body.Close()
	return true
}

// newOrigin is a server with media: it answers 200 to everything, repeats what
// it was told in headers From-Edge-…, and claims marks of its own, which no
// client may get to see.
func newOrigin(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range marks {
			w.Header().Set("From-Edge-"+name, strings.Join(r.Header.Values(name), ","))
			w.Header().Set(name, "said by the origin")
		}
		w.Header().Set("Cache-Control", "max-age=3600")
		fmt.Fprintln(w, "a picture")
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// marks are the headers that an edge sets.
var marks = []string{"X-Media-Signature", "X-Media-Source", "X-Media-Age"}

// configure writes a shipped configuration with things replaced: pairs of what
// stands there and what shall stand there.
func configure(t testing.TB, name string, pairs ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(templates, name))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !bytes.Contains(text, []byte(pairs[i])) {
			t.Fatalf("%s no longer has %q", name, pairs[i])
		}
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.NewReplacer(pairs...).Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
