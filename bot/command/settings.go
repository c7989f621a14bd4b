package command

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"filewarden/bot"
	"filewarden/wikiconfig"

	"github.com/alecthomas/kong"
)

// defaultSettings is read where it exists and no other file is named.
const defaultSettings = "filewarden.conf"

// notSettings are flags that only make sense typed.
var notSettings = []string{"help", "settings", "yes", "once"}

// resolver answers kong for flags that were not typed: from the environment,
// then from the settings file.
func resolver(lookup func(string) (string, bool)) kong.Resolver {
	var file map[string]string
	return kong.ResolverFunc(func(parsed *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := settingName(flag.Name)
		if flag.Name == "settings" { // its name stands in the environment only
			return nonEmpty(lookup("FILEWARDEN_" + name)), nil
		}
		if slices.Contains(notSettings, flag.Name) {
			return nil, nil
		}
		if value := nonEmpty(lookup("FILEWARDEN_" + name)); value != nil {
			return value, nil
		}
		if file == nil {
			var err error
			if file, err = settingsOf(parsed, lookup); err != nil {
				return nil, err
			}
		}
		if value, ok := file[name]; ok {
			return value, nil
		}
		return nil, nil
	})
}

// nonEmpty is a value for kong: nil where the environment has none, or an
// empty one, as scripts write where they mean none.
func nonEmpty(value string, ok bool) any {
	if !ok || value == "" {
		return nil
	}
	return value
}

// settingName is how a flag is spelt in the environment and in the file: --json-log is JSON_LOG.
func settingName(flag string) string {
	return strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// settingsOf reads the file that was named, or the default one where there is one.
func settingsOf(parsed *kong.Context, lookup func(string) (string, bool)) (map[string]string, error) {
	path, named := typedSettings(parsed)
	if !named {
		path, named = lookup("FILEWARDEN_SETTINGS")
	}
	if !named {
		path = defaultSettings
	}
	settings, err := readSettings(path)
	if !named && errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &bot.UseError{Text: "there is no settings file " + path}
	}
	if err != nil {
		return nil, err
	}
	return settings, known(path, settings, parsed.Model)
}

// known refuses names that are no setting of any command: a misspelt MODE must
// not pass for one that was never given.
func known(path string, settings map[string]string, app *kong.Application) error {
	names := settingNames(app.Node)
	for name := range settings {
		if slices.Contains(names, name) {
			continue
		}
		hint := "the settings are " + strings.Join(names, ", ")
		if near := wikiconfig.Nearest(name, names); near != "" {
			hint = "did you mean " + near + "?"
		}
		return &bot.UseError{Text: fmt.Sprintf("%s: there is no setting %s; %s", path, name, hint)}
	}
	return nil
}

// settingNames are the names of all flags of all commands that may stand in a file.
func settingNames(node *kong.Node) (names []string) {
	for _, flag := range node.Flags {
		if !slices.Contains(notSettings, flag.Name) {
			names = append(names, settingName(flag.Name))
		}
	}
	for _, child := range node.Children {
		names = append(names, settingNames(child)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func typedSettings(parsed *kong.Context) (string, bool) {
	for _, flag := range parsed.Flags() {
		if flag.Name == "settings" {
			path, _ := parsed.FlagValue(flag).(string)
			return path, path != ""
		}
	}
	return "", false
}

// readSettings reads NAME=value lines; blank lines and lines with # are left
// out, quotes around a value are dropped. It holds a password, so a file that
// others can read is refused.
func readSettings(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the settings file: %w", err)
	}
	defer f.Close()
	if err := private(f); err != nil {
		return nil, err
	}
	settings := map[string]string{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		name, value, err := setting(lines.Text())
		if err != nil {
			return nil, &bot.UseError{Text: fmt.Sprintf("%s, line %d: %v", path, n, err)}
		}
		if name != "" {
			settings[name] = value
		}
	}
	return settings, lines.Err()
}

// setting reads one line; the name is empty where the line says nothing.
func setting(line string) (name, value string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, "#") {
		return "", "", nil
	}
	name, value, found := strings.Cut(line, "=")
	if !found {
		return "", "", errors.New("want NAME=value, such as API=https://commons.wikimedia.org/w/api.php")
	}
	name = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(name)), "FILEWARDEN_")
	value = strings.TrimSpace(value)
	if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		value = value[1 : len(value)-1]
	}
	return name, value, nil
}

// private refuses a file that anybody but its owner may read.
func private(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("reading the settings file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return &bot.UseError{Text: fmt.Sprintf("the settings file %s can be read by others (mode %04o), and it holds a password.\nRun: chmod 600 %s", f.Name(), info.Mode().Perm(), f.Name())}
	}
	return nil
}
