package edge

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// The edge is beside this service and asks short questions: whoever takes
// longer or says more is somebody else.
const (
	headerBytes = 16 << 10 // an address of 8 KB and the client's other headers
	headerTime  = 5 * time.Second
	answerTime  = 5 * time.Second
	// idleTime outlasts what the three servers keep a connection for (nginx: 60
	// seconds), so that none of them asks on one that is just being closed.
	idleTime = 2 * time.Minute
	// drainTime is for questions that are open when the service is told to stop.
	drainTime = 5 * time.Second
)

// Listen listens on host:port, or on a Unix socket at unix:/path. The socket is
// for the service's own user and group; one left by a killed process is replaced.
func Listen(address string) (net.Listener, error) {
	path, unix := strings.CutPrefix(address, "unix:")
	if !unix {
		return listen("tcp", address)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("replacing the socket: %w", err)
		}
	}
	listener, err := listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o660); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the socket to the group: %w", err), listener.Close())
	}
	return listener, nil
}

func listen(network, address string) (net.Listener, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("listening at %s (choose another place with --listen): %w", address, err)
	}
	return listener, nil
}

// Serve answers until the context ends, then closes the door and lets open
// questions be answered.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, notes zerolog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		MaxHeaderBytes:    headerBytes,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       headerTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		ErrorLog:          log.New(notes, "", 0),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		err := server.Shutdown(limit)
		if err != nil {
			err = server.Close() // whoever is not done by now waits for nothing
		}
		stopped <- err
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("answering at %s: %w", listener.Addr(), err)
	}
	return <-stopped
}
