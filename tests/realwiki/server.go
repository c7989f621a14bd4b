package realwiki

import (
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
	if len(wikis) > 1 {
		introduce(wikis)
	}
	for _, w := range wikis {
		if err := w.settings.write(w.Dir); err != nil {
			return err
		}
		if err := w.serve(t); err != nil {
			return err
		}
	}
	return nil
}

func introduce(wikis []*Wiki) {
	var all []neighbour
	for _, w := range wikis {
		all = append(all, neighbour{w.Database, w.settings.Port, w.settings.Images})
	}
	for _, w := range wikis {
		w.settings.Neighbours = all
	}
}

// freePort asks the system for a port nobody listens on. Another process may
// take it before PHP does; then serve fails by name rather than talk to it.
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
	args := append([]string{"-c", supervise, "sh", "php"}, w.install.php(w.Dir)...)
	args = append(args, "-S", fmt.Sprintf("127.0.0.1:%d", w.settings.Port),
		"-t", filepath.Join(w.Dir, "www"), filepath.Join(w.Dir, "router.php"))
	cmd := exec.Command("sh", args...)
	cmd.Dir = w.Dir
	cmd.Env = append(w.environment(), "PHP_CLI_SERVER_WORKERS=4")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(w.Dir, "log", "server.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	t.Cleanup(func() { w.stop(t, cmd, lifeline) })
	return w.await()
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
		text, err := get(w.URL + "/alive.txt")
		if err == nil && text == w.Dir {
			break
		}
		if err == nil {
			err = errors.New("another server took its port")
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(w.Dir, "log", "server.log"))
			return fmt.Errorf("%s does not answer: %w\n%s", w.Database, err, log)
		}
		time.Sleep(20 * time.Millisecond)
	}
	text, err := get(w.API + "?action=query&meta=siteinfo&format=json")
	if err != nil {
		return fmt.Errorf("asking %s for its name: %w\n%s", w.Database, err, text)
	}
	return nil
}

func get(url string) (string, error) {
	client := http.Client{Timeout: time.Minute}
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
