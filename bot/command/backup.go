package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filewarden/bot"
	"filewarden/storage"
)

// Backup copies the memory into a file.
type Backup struct {
	File string `arg:"" help:"File to write; - for standard output."`
}

// Run writes the copy beside the target and moves it there when it is whole.
// The file is this process's to write even when the running bot makes the
// copy: a relative path is relative to where the command was typed.
func (b Backup) Run(c *Context) error {
	if b.File == "-" {
		return c.backup(c.Out)
	}
	return writeWhole(b.File, c.backup)
}

// backup copies the memory to w, from the running bot where there is one.
func (c *Context) backup(w io.Writer) error {
	if _, err := os.Stat(c.storeFolder()); errors.Is(err, fs.ErrNotExist) {
		return &bot.UseError{Text: fmt.Sprintf("there is no memory in the folder %s; --data names the folder of the bot's memory", c.Operator.Data)}
	}
	inner := *c
	inner.Out, inner.Args = w, []string{"backup", "-"}
	return inner.withStore(func(store storage.Store) error { return store.Backup(w) })
}

// withStore runs work on the memory alone: no wiki is needed for it.
func (c *Context) withStore(work func(storage.Store) error) (err error) {
	if c.running != nil {
		return work(c.running.Store())
	}
	store, err := c.openStore(c.logger())
	if errors.Is(err, storage.ErrInUse) {
		return c.askRunning(err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return work(store)
}

// writeWhole makes a file appear under its name only when all of it is on disk.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	return os.Rename(f.Name(), path)
}

// Restore makes a memory from a backup.
type Restore struct {
	File string `arg:"" help:"File that backup wrote; - for standard input."`
}

// Help says what happens to the memory that is there.
func (Restore) Help() string {
	return `Fills an empty data folder from a backup. A folder that holds a memory is refused: move it
away first, so that nothing can be lost. The backup is checked whole before anything is written.`
}

// Run restores into the data folder.
func (r Restore) Run(c *Context) error {
	if c.Remote {
		return &bot.UseError{Text: "filewarden is running on this data folder; stop it, move the folder away, then restore"}
	}
	in := c.Stdin
	if r.File != "-" {
		f, err := os.Open(r.File)
		if err != nil {
			return fmt.Errorf("reading the backup: %w", err)
		}
		defer f.Close()
		in = f
	}
	if err := os.MkdirAll(c.Operator.Data, 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	if err := storage.Restore(c.storeFolder(), in); err != nil {
		return err
	}
	fmt.Fprintln(c.Err, "restored into", c.Operator.Data)
	return nil
}
