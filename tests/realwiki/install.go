package realwiki

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// installation is the code of MediaWiki and an empty wiki, in the cache folder.
type installation struct {
	cache string // the folder of CacheVariable
	tree  string // MediaWiki's code
	empty string // the empty wiki's SQLite files, named empty*.sqlite
}

// ready is done once in each process; a second process waits for the first.
var ready = sync.OnceValues(func() (*installation, error) {
	cache, err := cacheFolder()
	if err != nil {
		return nil, err
	}
	unlock, err := lock(filepath.Join(cache, "lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	in := &installation{cache: cache, tree: filepath.Join(cache, "mediawiki-"+version)}
	if err := checkPHP(); err != nil {
		return nil, err
	}
	if !exists(in.tree) {
		if err := unpack(in.tree); err != nil {
			return nil, err
		}
	}
	in.empty = filepath.Join(cache, "empty-"+in.recipe())
	if !exists(in.empty) {
		return in, in.makeEmpty()
	}
	return in, nil
})

func cacheFolder() (string, error) {
	dir := os.Getenv(CacheVariable)
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("finding a folder to keep MediaWiki in: %w; set %s to one", err, CacheVariable)
		}
		dir = filepath.Join(base, "filewarden-tests")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// lock holds the file until the returned function is called; it is lost with
// the process.
func lock(name string) (unlock func(), err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { file.Close() }, nil
}

// checkPHP names what is missing, since PHP itself would only fail somewhere.
func checkPHP() error {
	out, err := exec.Command("php", "-m").Output()
	if err != nil {
		return fmt.Errorf("running php: %w; tests/all installs it on Debian", err)
	}
	have := strings.Fields(strings.ToLower(string(out)))
	var missing []string
	for _, name := range []string{"curl", "gd", "intl", "mbstring", "pdo_sqlite", "xml"} {
		if !slices.Contains(have, name) {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return fmt.Errorf("php lacks %s; tests/all installs them on Debian", strings.Join(missing, ", "))
	}
	return nil
}

// recipe changes when an empty wiki would come out differently.
func (in *installation) recipe() string {
	sum := sha256.New()
	fmt.Fprintln(sum, version, Extensions(), adminPassword)
	settings, err := php.ReadFile("php/LocalSettings.php")
	if err != nil {
		panic(err) // it is embedded
	}
	sum.Write(settings)
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

func (in *installation) messages() string { return filepath.Join(in.cache, "messages") }

// makeEmpty installs a wiki with the tables of every extension that a test may
// load, and compiles the messages of the languages that the bot speaks.
func (in *installation) makeEmpty() error {
	work, err := os.MkdirTemp(in.cache, "empty-new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	args := []string{"install", "--dbtype", "sqlite", "--dbname", "empty", "--dbpath", filepath.Join(work, "data"),
		"--server", "http://127.0.0.1:1", "--scriptpath", "/w", "--lang", "en", "--pass", adminPassword,
		"--confpath", work, "--extensions", strings.Join(Extensions(), ","), "--skins", "Vector", "Empty", adminName}
	if err := run(work, nil, "php", in.script(work, args...)...); err != nil {
		return fmt.Errorf("installing an empty wiki: %w", err)
	}
	if err := in.compileMessages(); err != nil {
		return err
	}
	return os.Rename(filepath.Join(work, "data"), in.empty)
}

// compileMessages uses a wiki as Start makes it: only then the compiled messages
// are those that it will look for.
func (in *installation) compileMessages() error {
	work, err := os.MkdirTemp(in.cache, "messages-new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	s := defaults(work, "empty", in)
	dir := filepath.Join(work, "empty")
	if err := errors.Join(folders(dir, in.tree), s.write(dir)); err != nil {
		return err
	}
	env := []string{"MW_CONFIG_FILE=" + filepath.Join(dir, "LocalSettings.php")}
	args := in.script(dir, "rebuildLocalisationCache", "--no-database", "--lang", "en,de,fr,zh-hans")
	if err := run(dir, env, "php", args...); err != nil {
		return fmt.Errorf("compiling MediaWiki's messages: %w", err)
	}
	return nil
}

// script returns the arguments with which php runs a maintenance script.
func (in *installation) script(dir string, args ...string) []string {
	run := append(in.php(dir), "-d", "opcache.file_cache_only=1", filepath.Join(in.tree, "maintenance/run.php"))
	return append(run, args...)
}

// php returns what every php here is started with. Its compiled code is kept in
// the cache folder: that is most of what the first request would wait for.
func (in *installation) php(dir string) []string {
	compiled := filepath.Join(in.cache, "opcache")
	_ = os.MkdirAll(compiled, 0o700) // without it PHP only compiles again
	var args []string
	for _, setting := range []string{
		"opcache.enable=1", "opcache.enable_cli=1", "opcache.file_cache=" + compiled,
		"opcache.blacklist_filename=" + neverCompiled(dir), "opcache.max_accelerated_files=20000", "memory_limit=512M",
		"upload_max_filesize=64M", "post_max_size=65M", "display_errors=0", "log_errors=1",
		"error_log=" + filepath.Join(dir, "log", "php.log"),
	} {
		args = append(args, "-d", setting)
	}
	return args
}

// copyTo makes the wiki that the settings describe out of the empty one.
func (in *installation) copyTo(s settings) error {
	dir := filepath.Dir(s.Images)
	if err := errors.Join(os.MkdirAll(s.Data, 0o755), folders(dir, in.tree)); err != nil {
		return err
	}
	names, err := fs.Glob(os.DirFS(in.empty), "empty*.sqlite")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(in.empty, name))
		if err != nil {
			return err
		}
		to := filepath.Join(s.Data, s.Database+strings.TrimPrefix(name, "empty"))
		if err := os.WriteFile(to, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
