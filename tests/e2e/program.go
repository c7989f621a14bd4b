// Package e2e runs the program as its operator does, a process with settings
// in the environment, on a real MediaWiki, and looks at what people find there.
//
// The package itself holds what such tests need: the program, built once, and
// an operator who starts it. Its tests go from the subscription of a user to
// the notification that this user opens.
package e2e

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filewarden/tests/realwiki"
)

// workshop is where the program is built once for all tests of a process.
var workshop = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "filewarden-program-") })

var build = sync.OnceValues(func() (string, error) {
	folder, err := workshop()
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "filewarden")
	out, err := exec.Command("go", "build", "-o", program, "filewarden").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return program, nil
})

// Main runs a package's tests and takes the program away afterwards.
func Main(m *testing.M) {
	code := m.Run()
	if folder, err := workshop(); err == nil {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// Operator runs the program for one account of one wiki, with one data folder.
type Operator struct {
	Wiki    *realwiki.Wiki
	Account realwiki.User
	Data    string // the data folder

	t   testing.TB
	env map[string]string
}

// NewOperator prepares to run the program live with an account's bot password.
func NewOperator(t testing.TB, w *realwiki.Wiki, account realwiki.User) *Operator {
	t.Helper()
	o := &Operator{Wiki: w, Account: account, Data: t.TempDir(), t: t, env: map[string]string{
		"API": w.API, "USER": account.BotLogin, "PASSWORD": account.BotPassword,
		"CONTACT": "operator@wiki.invalid", "MODE": "live", "LISTEN": "-",
	}}
	o.Set("DATA", o.Data)
	return o
}

// Set changes one setting, by its name without FILEWARDEN_.
func (o *Operator) Set(name, value string) { o.env[name] = value }

// Result is how a run of the program ended.
type Result struct {
	Code     int
	Out, Err string
}

// Run runs a command to its end.
func (o *Operator) Run(args ...string) Result {
	o.t.Helper()
	p := o.Start(args...)
	return p.Wait()
}

// Must runs a command that has to succeed and returns its output.
func (o *Operator) Must(args ...string) string {
	o.t.Helper()
	r := o.Run(args...)
	if r.Code != 0 {
		o.t.Fatalf("filewarden %s ended with %d\n%s\n%s", strings.Join(args, " "), r.Code, r.Out, r.Err)
	}
	return r.Out + r.Err
}

// Process is the program at work.
type Process struct {
	t        testing.TB
	cmd      *exec.Cmd
	out, err bytes.Buffer
	done     chan struct{}
}

// Start starts a command. Nothing of the test's own environment reaches it
// but what a process needs.
func (o *Operator) Start(args ...string) *Process {
	o.t.Helper()
	program, err := build()
	if err != nil {
		o.t.Fatalf("building the program: %v", err)
	}
	p := &Process{t: o.t, cmd: exec.Command(program, args...), done: make(chan struct{})}
	p.cmd.Dir = o.Data
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.Data}
	for name, value := range o.env {
		p.cmd.Env = append(p.cmd.Env, "FILEWARDEN_"+name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.err
	if err := p.cmd.Start(); err != nil {
		o.t.Fatalf("starting the program: %v", err)
	}
	go func() {
		_ = p.cmd.Wait() // the exit code says it
		close(p.done)
	}()
	o.t.Cleanup(p.Kill)
	return p
}

// Kill ends the process as a power cut does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // gone already is as good
	<-p.done
}

// Ended is closed when the process is gone.
func (p *Process) Ended() <-chan struct{} { return p.done }

// Wait waits for the end of the process. A killed one has the code -1.
func (p *Process) Wait() Result {
	<-p.done
	return Result{p.cmd.ProcessState.ExitCode(), p.out.String(), p.err.String()}
}
