package storage

import (
	"fmt"
	"log/slog"
	"strings"
)

// engineLog passes Badger's messages on. What it calls information is about
// its own tables and of interest only while debugging.
type engineLog struct{ log *slog.Logger }

func (l engineLog) Errorf(format string, args ...any)   { l.log.Error(line(format, args)) }
func (l engineLog) Warningf(format string, args ...any) { l.log.Warn(line(format, args)) }
func (l engineLog) Infof(format string, args ...any)    { l.log.Debug(line(format, args)) }
func (l engineLog) Debugf(string, ...any)               {}

func line(format string, args []any) string {
	return "store: " + strings.TrimSpace(fmt.Sprintf(format, args...))
}

func discardLog() *slog.Logger { return slog.New(slog.DiscardHandler) }
