package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/bot/sandbox"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// Demo shows the bot at work on wikis inside this process.
type Demo struct {
	Once bool `help:"Show one story and exit."`
	Port int  `default:"8378" help:"Port of the first wiki (${default}); 0 for any that is free."`
}

// Help says what will be seen.
func (Demo) Help() string {
	return `Starts three small wikis on this machine, one with files and two that use them, sets the bot
up there, lets people use files and mend a gadget, and runs the bot. Open the printed addresses
in a browser: every page can be edited, by whoever you choose to be, and the bot reacts within
seconds. Nothing leaves this machine and nothing is kept.`
}

// demoEvery is how soon the bot looks again at what the visitor did.
const demoEvery = 2 * time.Second

// Run tells the story and, without --once, goes on until stopped.
func (d Demo) Run(c *Context) error {
	stage, err := newStage(c, d)
	if err != nil {
		return err
	}
	defer stage.close()
	if err := stage.tell(c); err != nil {
		return fmt.Errorf("the demo's story: %w", err)
	}
	if d.Once {
		return nil
	}
	fmt.Fprintf(c.Out, "\nThe bot goes on. Use one of Anna's files somewhere, mend the gadget Lightbox, decide\nwhat became of Zoe's uploads as Clara, write on a Stop page,\nchange config.json: it reacts within seconds and says so here. Ctrl-C ends the demo.\n\n")
	return stage.goOn(c)
}

// stage is where the demo plays: wikis with people, and a bot with a memory.
type stage struct {
	farm    *sandbox.Farm
	servers []*http.Server
	store   storage.Store
	props   []bot.Rehearsal // what tasks bring along
	tasks   map[string]any  // what the operator decides for them
	bot     *bot.Bot
	out     *narrator
}

func newStage(c *Context, d Demo) (*stage, error) {
	s := &stage{farm: demoFarm(), store: storage.Memory(), out: &narrator{c: c}}
	for i, w := range append([]*sandbox.Wiki{s.farm.Repo}, s.farm.Clients...) {
		if err := s.open(w, d.port(i)); err != nil {
			s.close()
			return nil, err
		}
	}
	populate(s.farm)
	if err := s.rehearse(c.Tasks); err != nil {
		s.close()
		return nil, err
	}
	b, err := bot.Open(c.Ctx, s.settings(c), s.store, c.Tasks...)
	if err != nil {
		s.close()
		return nil, err
	}
	s.bot = b
	return s, nil
}

// port of the i-th wiki: one after another from the first.
func (d Demo) port(i int) int {
	if d.Port == 0 {
		return 0
	}
	return d.Port + i
}

// open serves a wiki on this machine; where the port is taken, on any free one.
func (s *stage) open(w *sandbox.Wiki, port int) error {
	address, err := s.serve(w, port)
	w.SetServer(address)
	return err
}

// serve opens a handler on this machine and says where.
func (s *stage) serve(handler http.Handler, port int) (address string, err error) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return "", fmt.Errorf("opening a port for the demo: %w", err)
		}
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	go server.Serve(listener)
	return "http://" + listener.Addr().String(), nil
}

func (s *stage) close() {
	for _, server := range s.servers {
		server.Close()
	}
	s.store.Close()
}

// settings of an operator who lets the bot write.
func (s *stage) settings(c *Context) bot.Settings {
	var hosts []string
	for _, w := range s.farm.Clients {
		hosts = append(hosts, w.APIURL())
	}
	return bot.Settings{
		Wiki: wiki.Settings{
			API: s.farm.Repo.APIURL(), User: demoBot + "@demo", Password: demoSecret,
			Contact: "https://example.org/demo", Version: c.Version,
		},
		Tasks: s.tasks,
		Hosts: hosts, Mode: gate.Live, CountsAfter: time.Millisecond, Log: c.logger().Level(demoLevel(c)),
	}
}

// pass is a round and a pass of every task that is switched on.
func (s *stage) pass(ctx context.Context) error {
	if err := s.bot.Round(ctx); err != nil {
		return err
	}
	for _, t := range s.bot.Tasks() {
		name := t.Task.Name()
		if !s.bot.Panel().State().Config.Common(name).Enabled {
			continue
		}
		var refused *gate.Refused
		if err := s.bot.Pass(ctx, name, nil); errors.As(err, &refused) {
			s.out.refused(refused)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// goOn reacts to what the visitor does until the context ends.
func (s *stage) goOn(c *Context) error {
	tick := time.NewTicker(demoEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.Ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.pass(c.Ctx); err != nil && c.Ctx.Err() == nil {
			fmt.Fprintln(c.Err, "the bot says:", err)
		}
		s.out.newEdits(s.farm.Repo)
	}
}
