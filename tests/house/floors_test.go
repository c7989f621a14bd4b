package house

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// floors of the house, lowest first. A room may use rooms on lower floors
// only; rooms on one floor do not know each other. A path ending in / names
// the room and everything within.
var floors = [][]string{
	{"storage/", "wikiconfig/", "templates/", "bot/sandbox/"},
	{"bot/wiki/"},
	{"bot/gate/"},
	{"bot/notice/", "bot/report/"},
	{"bot"},
	{"bot/web/", "tasks/"},
	{"bot/command/"},
	{"."},
}

// floor finds the floor of a room, and which of its rooms it is part of. Each
// task is a room of its own.
func floor(room string) (level int, part string) {
	if rest, ok := strings.CutPrefix(room, "tasks/"); ok {
		name, _, _ := strings.Cut(rest, "/")
		return 5, "tasks/" + name
	}
	for i, names := range floors {
		for _, name := range names {
			if room == strings.TrimSuffix(name, "/") || strings.HasSuffix(name, "/") && strings.HasPrefix(room, name) {
				return i, name
			}
		}
	}
	return -1, ""
}

func TestEveryRoomHasAFloor(t *testing.T) {
	for room := range rooms(t) {
		if level, _ := floor(room); level < 0 {
			t.Errorf("%s stands on no floor: name it in floors", room)
		}
	}
}

func TestNoImportRunsUpwardsOrSideways(t *testing.T) {
	for room, p := range rooms(t) {
		level, part := floor(room)
		for path := range p.Imports {
			used := ours(path)
			if used == "" {
				continue
			}
			usedLevel, usedPart := floor(used)
			if usedLevel > level || usedLevel == level && usedPart != part {
				t.Errorf("%s imports %s, which is not beneath it", room, used)
			}
		}
	}
}

func TestTheLowestFloorStandsAlone(t *testing.T) {
	for room, p := range rooms(t) {
		if level, part := floor(room); level == 0 {
			for path := range p.Imports {
				if used := ours(path); used != "" && !strings.HasPrefix(used+"/", part) {
					t.Errorf("%s imports %s", room, used)
				}
			}
		}
	}
}

// keepers are the rooms that alone know a library: elsewhere nothing may
// depend on it.
var keepers = map[string][]string{
	"cgt.name/pkg/go-mwclient":                   {"bot/wiki/"},
	"github.com/mrjones/oauth":                   {},
	"github.com/dgraph-io/badger/v4":             {"storage/"},
	"github.com/go-co-op/gocron/v2":              {"bot"},
	"github.com/prometheus/client_golang":        {"bot/web/"},
	"github.com/santhosh-tekuri/jsonschema/v6":   {"wikiconfig/"},
	"github.com/invopop/jsonschema":              {"wikiconfig/"},
	"github.com/alecthomas/kong":                 {"bot/command/", "."},
	"github.com/schollz/progressbar/v3":          {"bot/command/"},
	"github.com/antonholmquist/jason":            {"bot/wiki/", "bot/gate/", "bot/notice/", "bot/report/", "tasks/", "bot/command/"},
	"golang.org/x/time/rate":                     {"bot", "tasks/copyvio/api"},
	"github.com/grafana/sobek":                   {"tasks/provenance/script/"},
	"github.com/tdewolff/parse/v2":               {"tasks/provenance/"},
	"github.com/yuin/gopher-lua":                 {"tasks/provenance/lua"},
	module + "/bot/sandbox":                      {"bot/command/", "bot/sandbox", "tasks/copyvio/rehearsal"},
	module + "/bot/wiki/mediaurl":                {"bot/wiki/", "tasks/"},
	"unsafe":                                     {},
	"github.com/stretchr/testify/assert":         {},
	"github.com/rogpeppe/go-internal/testscript": {},
}

func TestEachLibraryIsKnownToItsKeepersOnly(t *testing.T) {
	for room, p := range rooms(t) {
		for path := range p.Imports {
			for library, allowed := range keepers {
				if path != library && !strings.HasPrefix(path, library+"/") || within(room, allowed) {
					continue
				}
				t.Errorf("%s imports %s, which only %v may know", room, path, allowed)
			}
		}
	}
}

// within says whether a room is one of names, which may end in / for all beneath.
func within(room string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return room == strings.TrimSuffix(name, "/") || strings.HasSuffix(name, "/") && strings.HasPrefix(room, name)
	})
}

// clients are what net/http offers for asking others; the rest of it, for
// answering, is for everybody.
var clients = []string{
	"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport",
}

func TestTasksAskOtherHostsThroughFetchOnly(t *testing.T) {
	for room, p := range rooms(t) {
		if !strings.HasPrefix(room, "tasks/") {
			continue
		}
		uses(p, func(id *ast.Ident, of types.Object) {
			if of.Pkg().Path() == "net/http" && of.Parent() == of.Pkg().Scope() && slices.Contains(clients, of.Name()) {
				t.Errorf("%s: a task uses http.%s; Env.Fetch knows limits and declared hosts", where(p, id.Pos()), of.Name())
			}
			if of.Pkg().Path() == "net" && strings.HasPrefix(of.Name(), "Dial") {
				t.Errorf("%s: a task uses net.%s", where(p, id.Pos()), of.Name())
			}
		})
		for _, banned := range []string{"os/exec", "syscall", "plugin"} {
			if p.Imports[banned] != nil {
				t.Errorf("%s imports %s", room, banned)
			}
		}
	}
}

func TestOnlyNoticesCrossFromOnePartOfTheMemoryToAnother(t *testing.T) {
	for room, p := range rooms(t) {
		uses(p, func(id *ast.Ident, of types.Object) {
			if of.Pkg().Path() == module+"/storage" && of.Name() == "Within" && !within(room, []string{"storage/", "bot/notice/", "bot"}) {
				t.Errorf("%s: storage.Within reaches into another part's rows", where(p, id.Pos()))
			}
		})
	}
}

// isWriter recognises wiki.Writer, behind a pointer or not.
func isWriter(of types.Type) bool {
	if p, ok := types.Unalias(of).(*types.Pointer); ok {
		of = p.Elem()
	}
	named, ok := types.Unalias(of).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == module+"/bot/wiki" && named.Obj().Name() == "Writer"
}

func TestOnlyTheGateHoldsAWriter(t *testing.T) {
	rooms := rooms(t)
	for room, p := range rooms {
		if within(room, []string{"bot/wiki/", "bot/gate/"}) {
			continue
		}
		for expr, tv := range p.TypesInfo.Types {
			if isWriter(tv.Type) && room != "bot" {
				t.Errorf("%s: a writer outside of the gate", where(p, expr.Pos()))
			}
		}
		for selector, s := range p.TypesInfo.Selections {
			if isWriter(s.Recv()) {
				t.Errorf("%s: only the gate may use the writer, not even to %s", where(p, selector.Pos()), s.Obj().Name())
			}
		}
	}
	if !mentionsWriter(rooms["bot/gate"]) || !mentionsWriter(rooms["bot"]) {
		t.Error("the gate has no wiki.Writer: this test looks for the wrong type")
	}
}

func mentionsWriter(p *packages.Package) bool {
	for _, tv := range p.TypesInfo.Types {
		if isWriter(tv.Type) {
			return true
		}
	}
	return false
}

func TestASessionHasNoWayToWrite(t *testing.T) {
	session, ok := rooms(t)["bot/wiki"].Types.Scope().Lookup("Session").(*types.TypeName)
	if !ok {
		t.Fatal("there is no wiki.Session")
	}
	methods := types.NewMethodSet(types.NewPointer(session.Type()))
	for i := range methods.Len() {
		m := methods.At(i).Obj()
		for _, verb := range []string{"Post", "Edit", "Write", "Upload", "Move", "Delete"} {
			if m.Exported() && strings.HasPrefix(m.Name(), verb) {
				t.Errorf("wiki.Session.%s writes past the gate", m.Name())
			}
		}
	}
}

func TestOnlyMainMeetsTheProcess(t *testing.T) {
	for room, p := range rooms(t) {
		uses(p, func(id *ast.Ident, of types.Object) {
			if of.Pkg().Path() == "os" && (of.Name() == "Exit" || of.Name() == "Args") && room != "." {
				t.Errorf("%s: os.%s is main's", where(p, id.Pos()), of.Name())
			}
		})
	}
}
