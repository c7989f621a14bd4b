package command

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"filewarden/bot"
	"filewarden/storage"

	"github.com/rs/zerolog"
)

// logger writes the operator's log to standard error: lines for people on a
// terminal, JSON where asked for. Secrets never reach it, as no setting does.
func (c *Context) logger() zerolog.Logger {
	level := zerolog.InfoLevel
	if c.Operator.Verbose {
		level = zerolog.DebugLevel
	}
	var out = zerolog.SyncWriter(c.Err)
	if !c.Operator.JSONLog {
		out = zerolog.SyncWriter(zerolog.ConsoleWriter{Out: c.Err, NoColor: !c.Color, TimeFormat: time.DateTime})
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger()
}

// openStore opens the memory in the data folder, made where there is none yet.
func (c *Context) openStore(log zerolog.Logger) (storage.Store, error) {
	if err := os.MkdirAll(c.Operator.Data, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	return storage.Open(c.storeFolder(), storage.Options{
		Log:     slog.New(zerolog.NewSlogHandler(log.Level(zerolog.WarnLevel))),
		Version: c.Version,
	})
}

// openBot opens memory and wiki; close both with the function returned.
func (c *Context) openBot() (*bot.Bot, func() error, error) {
	if err := c.Operator.missing(); err != nil {
		return nil, nil, err
	}
	log := c.logger()
	store, err := c.openStore(log)
	if err != nil {
		return nil, nil, err
	}
	settings := c.Operator.botSettings(c.Version, log)
	settings.OnPlanned = c.showPlanned
	b, err := bot.Open(c.Ctx, settings, store, c.Tasks...)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return b, store.Close, nil
}

// withBot runs work on the bot: on the one that runs already and holds the
// data folder, through its socket, or on one opened for this.
func (c *Context) withBot(work func(*bot.Bot) error) (err error) {
	if c.running != nil {
		return work(c.running)
	}
	b, closing, err := c.openBot()
	if errors.Is(err, storage.ErrInUse) {
		return c.askRunning(err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing()) }()
	if _, err := b.Panel().Poll(c.Ctx); err != nil {
		return fmt.Errorf("reading the config pages: %w", err)
	}
	return work(b)
}
