package offline

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// tree makes a folder of files and goes there.
func tree(t *testing.T, files ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range files {
		write(t, name, "")
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// paths of files, with what is wrong with those that are none.
func paths(files []File) (all []string) {
	for _, f := range files {
		said := filepath.ToSlash(f.Path)
		if f.Failure != nil {
			said += ": " + f.Failure.Error()
		}
		all = append(all, said)
	}
	return all
}

func TestArgumentsNameFiles(t *testing.T) {
	tree(t, "b.js", "a.js", "c.css", "sub/d.js", "sub/.hidden/e.js", ".h.js", "sub/node_modules/f.js", ".git/g.js", "odd[1].js", "x.txt")
	for _, c := range []struct {
		search Search
		args   string
		want   []string
	}{
		{Search{}, "**/*.js", []string{"a.js", "b.js", "odd[1].js", "sub/d.js"}},
		{Search{}, "*.{js,css}", []string{"a.js", "b.js", "c.css", "odd[1].js"}},
		{Search{}, "sub/**", []string{"sub/d.js"}},
		{Search{}, "./sub/../a.js a.js", []string{"a.js"}},
		{Search{}, "b.js **/*.js", []string{"b.js", "a.js", "odd[1].js", "sub/d.js"}},
		{Search{}, "odd[1].js", []string{"odd[1].js"}},
		{Search{}, "x.txt .h.js", []string{"x.txt", ".h.js"}},
		{Search{}, "sub/.hidden/*.js", []string{"sub/.hidden/e.js"}},
		{Search{}, "**/node_modules/*.js", []string{"sub/node_modules/f.js"}},
		{Search{}, "none.js", []string{"none.js: no such file"}},
		{Search{}, "none/*.js", []string{"none/*.js: no such file"}},
		{Search{}, "*.php", []string{"*.php: no such file"}},
		{Search{}, "a[.js", []string{"a[.js: this is neither a file nor a glob: syntax error in pattern"}},
		{Search{Exclude: []string{"sub"}}, "**/*.js", []string{"a.js", "b.js", "odd[1].js"}},
		{Search{Exclude: []string{"sub/*.js", "b.*"}}, "**/*.js", []string{"a.js", "odd[1].js"}},
		{Search{Exclude: []string{"**/[ab].js", "./sub/"}}, "**/*.js", []string{"odd[1].js"}},
		{Search{Exclude: []string{"a.js"}}, "a.js", []string{"a.js"}},
	} {
		if diff := cmp.Diff(c.want, paths(c.search.Files(strings.Fields(c.args)))); diff != "" {
			t.Errorf("%s, without %v (- want, + got):\n%s", c.args, c.search.Exclude, diff)
		}
	}
}

func TestAFolderThatIsNamedIsWalkedWhateverItsName(t *testing.T) {
	tree(t, ".hidden/a.js", "node_modules/b.js")
	got := paths(Search{}.Files([]string{".hidden", "node_modules"}))
	if diff := cmp.Diff([]string{".hidden/a.js", "node_modules/b.js"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAWalkFollowsNoLinks(t *testing.T) {
	tree(t, "code/a.js", "secret.js")
	for from, to := range map[string]string{"code/loop": ".", "code/up": "..", "code/out.js": "../secret.js", "code/self.js": "self.js", "way": "code"} {
		if err := os.Symlink(to, from); err != nil {
			t.Skip(err)
		}
	}
	if diff := cmp.Diff([]string{"code/a.js"}, paths(Search{}.Files([]string{"code"}))); diff != "" {
		t.Error(diff)
	}
	// One that is named is meant.
	if diff := cmp.Diff([]string{"code/out.js", "way/a.js"}, paths(Search{}.Files([]string{"code/out.js", "way/"}))); diff != "" {
		t.Error(diff)
	}
	if got := (Search{}).Files([]string{"code/self.js"}); len(got) != 1 || got[0].Failure == nil {
		t.Errorf("a link to itself: %v", got)
	}
}

func TestAFolderThatCannotBeReadIsTold(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	tree(t, "a.js", "shut/b.js", "z.js")
	if err := os.Chmod("shut", 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod("shut", 0o755) })
	got := Search{}.Files([]string{"."})
	if len(got) != 3 || !errors.Is(got[1].Failure, fs.ErrPermission) {
		t.Errorf("%v", paths(got))
	}
}

func gitignored(t *testing.T) (want []string) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/gitignore.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree(t)
	for _, f := range archive.Files {
		switch f.Name {
		case "want":
			want = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		case "files":
			for name := range strings.Lines(string(f.Data)) {
				write(t, strings.TrimSuffix(name, "\n"), "")
			}
		default:
			write(t, f.Name, string(f.Data))
		}
	}
	return want
}

func TestWhatGitIgnoresIsPassedOver(t *testing.T) {
	want := gitignored(t)
	if diff := cmp.Diff(want, sorted(paths(Search{}.Files([]string{"**/*.js"})))); diff != "" {
		t.Errorf("(- want, + got):\n%s", diff)
	}
	if n := len((Search{NoIgnore: true}).Files([]string{"**/*.js"})); n != 40 {
		t.Errorf("with everything: %d files", n)
	}
}

func TestGitWouldPassOverTheSame(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git here")
	}
	want := gitignored(t)
	if out, err := exec.Command(git, "init", "-q").CombinedOutput(); err != nil {
		t.Skipf("git init: %v\n%s", err, out)
	}
	cmd := exec.Command(git, "-c", "core.excludesFile=/dev/null", "-c", "core.quotePath=off", "ls-files", "--others", "--exclude-standard", "*.js")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, sorted(strings.Split(strings.TrimSpace(string(out)), "\n"))); diff != "" {
		t.Errorf("git lists others (- ours, + git):\n%s", diff)
	}
}

func TestRulesOfParentFoldersHoldWithinARepository(t *testing.T) {
	tree(t, "repo/.git/HEAD", "repo/code/a.js", "repo/code/b.js", "repo/code/c.js", "repo/code/old/d.js")
	write(t, "repo/.gitignore", "b.js\n/code/old/\n")
	write(t, "repo/.git/info/exclude", "c.js\n")
	write(t, ".gitignore", "a.js\n") // outside of it
	if diff := cmp.Diff([]string{"repo/code/a.js"}, paths(Search{}.Files([]string{"repo/code"}))); diff != "" {
		t.Error(diff)
	}
	t.Chdir("repo/code")
	if diff := cmp.Diff([]string{"a.js"}, paths(Search{}.Files([]string{"."}))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b.js", "old/d.js"}, paths(Search{}.Files([]string{"b.js", "old"}))); diff != "" {
		t.Errorf("what is named is read:\n%s", diff)
	}
}

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}
