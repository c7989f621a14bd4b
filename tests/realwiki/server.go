package realwiki

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// supervise is the shell that PHP runs under. PHP's workers outlive their
// parent, and a test that panics or is killed cleans nothing up; but its end of
// this shell's input closes in any case, and then the whole group goes.
const supervise = `"$@" </dev/null & read -r _; kill -KILL 0`

// serveAll gives every wiki its port before the first one starts, since those of
// a farm name each other.
func serveAll(t testing.TB, wikis []*Wiki) error {
	for _, w := range wikis {
		port, err := freePort()
		if err != nil {
			return err
		}
		w.at(port)
	}
	if err := introduce(wikis); err != nil {
		return err
	}
	for _, w := range wikis {
		if err := w.serveSomewhere(t, wikis); err != nil {
			return err
		}
	}
	return nil
}

// serveSomewhere moves the wiki to another port as long as somebody else was
// quicker to take the one it had.
func (w *Wiki) serveSomewhere(t testing.TB, wikis []*Wiki) error {
	for range 5 {
		err := w.serve(t)
		if !errors.Is(err, errTaken) {
			return err
		}
		port, err := freePort()
		if err != nil {
			return err
		}
		w.at(port)
		if err := introduce(wikis); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: %w, five times", w.Database, errTaken)
}

// introduce writes the settings of all, and of a farm's wikis where the others are.
func introduce(wikis []*Wiki) error {
	var all []neighbour
	for _, w := range wikis {
		all = append(all, neighbour{w.Database, w.settings.Port, w.settings.Images})
	}
	for _, w := range wikis {
		if len(wikis) > 1 {
			w.settings.Neighbours = all
		}
		if err := w.settings.write(w.Dir); err != nil {
			return fmt.Errorf("writing the settings of %s: %w", w.Database, err)
		}
	}
	return nil
}

var errTaken = errors.New("another process took the wiki's port")

// freePort asks the system for a port nobody listens on. Another process may
// take it before PHP does.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// serve starts PHP's server and returns when the wiki answers.
func (w *Wiki) serve(t testing.TB) error {
	alive := filepath.Join(w.Dir, "www", "alive.txt")
	if err := os.WriteFile(alive, []byte(w.Dir), 0o600); err != nil {
		return err
	}
	cmd, lifeline, err := w.launch()
	if err != nil {
		return err
	}
	t.Cleanup(func() { w.stop(t, cmd, lifeline) })
	return w.await()
}

// launch starts PHP's server in a process group of its own, which lives until it
// is killed or lifeline is closed.
func (w *Wiki) launch() (cmd *exec.Cmd, lifeline io.Closer, err error) {
	log, err := os.Create(filepath.Join(w.Dir, "log", "server.log"))
	if err != nil {
		return nil, nil, err
	}
	defer log.Close()
	args := append([]string{"-c", supervise, "sh", "php"}, w.install.php(w.Dir)...)
	args = append(args, "-S", fmt.Sprintf("127.0.0.1:%d", w.settings.Port),
		"-t", filepath.Join(w.Dir, "www"), filepath.Join(w.Dir, "router.php"))
	cmd = exec.Command("sh", args...)
	cmd.Dir = w.Dir
	cmd.Env = append(w.environment(), "PHP_CLI_SERVER_WORKERS=4")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = log, log
	if lifeline, err = cmd.StdinPipe(); err != nil {
		return nil, nil, err
	}
	return cmd, lifeline, cmd.Start()
}

// stop ends the group, by its id, and tells what the wiki had to say if the test
// failed.
func (w *Wiki) stop(t testing.TB, cmd *exec.Cmd, lifeline io.Closer) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	_ = lifeline.Close()
	_ = cmd.Wait()
	if !t.Failed() {
		return
	}
	for _, name := range []string{"exception.log", "database.log", "php.log"} {
		if text, err := os.ReadFile(filepath.Join(w.Dir, "log", name)); err == nil && len(text) > 0 {
			t.Logf("%s of %s ends:\n%s", name, w.Database, text[max(0, len(text)-4000):])
		}
	}
}

// environment is what makes the shared code serve this wiki.
func (w *Wiki) environment() []string {
	return append(os.Environ(), "MW_CONFIG_FILE="+filepath.Join(w.Dir, "LocalSettings.php"))
}

// await asks for a file that only this wiki has, then for the wiki itself.
func (w *Wiki) await() error {
	deadline := time.Now().Add(time.Minute)
	for {
		text, err := get(w.URL+"/alive.txt", time.Second)
		if err == nil && text == w.Dir {
			break
		}
		log, _ := os.ReadFile(filepath.Join(w.Dir, "log", "server.log"))
		if bytes.Contains(log, []byte("Failed to listen")) {
			return errTaken
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not answer: %w\n%s", w.Database, err, log)
		}
		time.Sleep(20 * time.Millisecond)
	}
	text, err := get(w.API+"?action=query&meta=siteinfo&format=json", time.Minute)
	if err != nil {
		return fmt.Errorf("asking %s for its name: %w\n%s", w.Database, err, text)
	}
	return nil
}

func get(url string, wait time.Duration) (string, error) {
	client := http.Client{Timeout: wait}
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("HTTP %s", answer.Status)
	}
	return string(text), err
}
