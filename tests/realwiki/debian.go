package realwiki

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// suite is the Debian release that carries MediaWiki 1.43, the version with
// long-term support that the bot is tested against.
const (
	suite   = "trixie"
	version = "1.43"
)

// unpack fetches MediaWiki's packages from the mirror that this machine uses for
// its own and lays the code out beneath dir as MediaWiki's own archive has it.
// It works beside the system's apt, with lists and caches of its own, so that
// the system never sees another release and root is not needed.
func unpack(dir string) error {
	work, err := os.MkdirTemp(filepath.Dir(dir), "unpack-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := download(work); err != nil {
		return err
	}
	packages, err := filepath.Glob(filepath.Join(work, "*.deb"))
	if err != nil {
		return err
	}
	for _, name := range packages {
		if err := run(work, nil, "dpkg-deb", "-x", name, work); err != nil {
			return err
		}
	}
	return layOut(filepath.Join(work, "usr/share/mediawiki"), dir)
}

// layOut turns the package's layout, in which extensions are chosen by links
// beneath /var, into one folder that stands alone.
func layOut(from, to string) error {
	for _, link := range []string{"LocalSettings.php", "config", "extensions", "images"} {
		if err := os.Remove(filepath.Join(from, link)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(filepath.Join(from, "extensions-core"), filepath.Join(from, "extensions")); err != nil {
		return err
	}
	defines, err := os.ReadFile(filepath.Join(from, "includes/Defines.php"))
	if err != nil {
		return err
	}
	if !bytes.Contains(defines, []byte("'"+version+".")) {
		return fmt.Errorf("the package in %s is not MediaWiki %s", suite, version)
	}
	return os.Rename(from, to)
}

// download asks each archive that the machine's sources name until one has the
// packages.
func download(work string) error {
	mirrors, err := mirrors()
	if err != nil {
		return err
	}
	var failed []error
	for _, mirror := range mirrors {
		err := downloadFrom(mirror, work)
		if err == nil {
			return nil
		}
		failed = append(failed, err)
	}
	return fmt.Errorf("no source of apt has MediaWiki in %s: %w", suite, errors.Join(failed...))
}

func downloadFrom(mirror, work string) error {
	config, err := privateApt(mirror, work)
	if err != nil {
		return err
	}
	env := []string{"APT_CONFIG=" + config}
	if err := run(work, env, "apt-get", "-q", "update"); err != nil {
		return err
	}
	return run(work, env, "apt-get", "-q", "download", "mediawiki", "mediawiki-classes")
}

// privateApt writes a configuration that changes where apt keeps things and
// what it reads, and leaves proxies, credentials and keys as the machine has them.
func privateApt(mirror, work string) (string, error) {
	for _, dir := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(work, dir), 0o755); err != nil {
			return "", err
		}
	}
	signed := ""
	if keys := "/usr/share/keyrings/debian-archive-keyring.gpg"; exists(keys) {
		signed = "[signed-by=" + keys + "] "
	}
	source := fmt.Sprintf("deb %s%s %s main\n", signed, mirror, suite)
	config := fmt.Sprintf(`Dir::Etc::SourceList "%[1]s/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "%[1]s/lists";
Dir::Cache "%[1]s/cache";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
`, work)
	name := filepath.Join(work, "apt.conf")
	return name, errors.Join(
		os.WriteFile(filepath.Join(work, "sources.list"), []byte(source), 0o644),
		os.WriteFile(name, []byte(config), 0o644))
}

// mirrors returns the archives in apt's sources, in either of their formats:
// first those for this machine's own release, which are Debian's.
func mirrors() ([]string, error) {
	out, err := exec.Command("apt-get", "indextargets", "--format",
		"$(RELEASE) $(REPO_URI)", "Identifier: Packages", "Component: main").Output()
	if err != nil {
		return nil, fmt.Errorf("asking apt-get for its sources (MediaWiki comes from Debian's packages): %w", err)
	}
	var own, others []string
	for line := range strings.Lines(string(out)) {
		release, uri, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case slices.Contains(own, uri) || slices.Contains(others, uri):
		case release == codename() || release == suite:
			own = append(own, uri)
		default:
			others = append(others, uri)
		}
	}
	return append(own, others...), nil
}

// codename is this machine's release of Debian, "" where there is none.
func codename() string {
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "VERSION_CODENAME="); ok {
			return strings.Trim(name, `"`)
		}
	}
	return ""
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// run runs a command in dir and puts what it said into the error.
func run(dir string, env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
