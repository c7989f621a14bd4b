package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// cost is what one run of a client took.
type cost struct {
	CPU  time.Duration // of the process, user and system
	Wall time.Duration
	Peak int // resident memory at its highest, bytes; 0 where the system does not tell
	Out  string
}

// measure runs a command to its end. The peak of memory is read from /proc while
// it runs: what wait4 tells of a child starts with the size of its parent.
func measure(ctx context.Context, cmd *exec.Cmd) (cost, error) {
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return cost{}, err
	}
	peak, stop := make(chan int, 1), make(chan struct{})
	go func() { peak <- watchPeak(cmd.Process.Pid, stop) }()
	err := waitOrKill(ctx, cmd)
	c := cost{Wall: time.Since(begin), Out: out.String(),
		CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	close(stop)
	c.Peak = <-peak
	if err != nil {
		return c, fmt.Errorf("%s: %w\n%s%s", cmd.Path, err, last(said.String(), 3000), last(out.String(), 1000))
	}
	return c, nil
}

// waitOrKill waits for the command, and ends it with the context.
func waitOrKill(ctx context.Context, cmd *exec.Cmd) error {
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	return cmd.Wait()
}

// watchPeak looks every few milliseconds until told to stop.
func watchPeak(pid int, stop <-chan struct{}) (peak int) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		peak = max(peak, memory(pid)["VmHWM"])
		select {
		case <-stop:
			return peak
		case <-tick.C:
		}
	}
}

// memory reads the sizes in /proc/<pid>/status, in bytes: VmRSS, VmHWM, RssAnon.
func memory(pid int) map[string]int {
	sizes := map[string]int{}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return sizes
	}
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		if size, ok := strings.CutSuffix(strings.TrimSpace(rest), " kB"); ok {
			if n, err := strconv.Atoi(size); err == nil {
				sizes[name] = n << 10
			}
		}
	}
	return sizes
}

// last is the end of a text.
func last(text string, n int) string { return text[max(0, len(text)-n):] }
