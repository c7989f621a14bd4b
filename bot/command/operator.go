package command

import (
	"path/filepath"
	"strings"

	"filewarden/bot"
	"filewarden/bot/gate"
	"filewarden/bot/wiki"

	"github.com/rs/zerolog"
)

// Operator is what the operator decides: flags of every command. Each may also
// stand in the environment as FILEWARDEN_<NAME>, or in the settings file.
type Operator struct {
	API      string   `group:"Wiki:" placeholder:"URL" help:"Address of the wiki's api.php."`
	User     string   `group:"Wiki:" placeholder:"NAME@APP" help:"Name of the bot password, from Special:BotPasswords."`
	Password string   `group:"Wiki:" placeholder:"SECRET" help:"The bot password. Keep it in the environment or the settings file: flags can be read by other users of this machine."`
	Token    string   `group:"Wiki:" placeholder:"SECRET" help:"OAuth 2 bearer token, instead of user and password."`
	Contact  string   `group:"Wiki:" placeholder:"MAIL" help:"Where the wiki's people reach you, an e-mail address or URL; sent with every request."`
	Hosts    []string `group:"Wiki:" placeholder:"HOST" help:"Other wikis that may be read, to say who used a file there: host, host:port, or an address of api.php."`
	Mode     string   `group:"Wiki:" enum:"dry-run,trial,live" default:"dry-run" placeholder:"MODE" help:"How far the bot may go: dry-run (unless said otherwise), trial or live. The wiki's config.json can only make it more cautious."`
	Prefix   string   `group:"Wiki:" placeholder:"PAGE/" help:"Where the bot's wikitext pages stand, instead of User:<account>/."`
	Data     string   `group:"Machine:" default:"data" placeholder:"FOLDER" help:"Folder of the bot's memory: ${default} unless said otherwise."`
	Listen   string   `group:"Machine:" placeholder:"ADDRESS" help:"Where this process listens: run with health and metrics, on 127.0.0.1:8377 unless said otherwise, - for nowhere."`
	Settings string   `group:"Machine:" placeholder:"FILE" help:"File of settings, filewarden.conf where there is one. Refused when others can read it."`
	Verbose  bool     `group:"Machine:" short:"v" help:"Say more about the work."`
	JSONLog  bool     `group:"Machine:" name:"json-log" help:"Log as JSON lines."`

	tasks map[string]any // what the operator decides for tasks, by name
}

// missing names what a wiki cannot be opened without, and where to get it.
func (o *Operator) missing() error {
	var lacks []string
	lack := func(absent bool, text string) {
		if absent {
			lacks = append(lacks, text)
		}
	}
	lack(o.API == "", "--api, the address of the wiki's api.php (see Special:Version there)")
	lack(o.Token == "" && (o.User == "" || o.Password == ""), "--user and FILEWARDEN_PASSWORD from Special:BotPasswords, or FILEWARDEN_TOKEN")
	lack(o.Contact == "", "--contact, your e-mail address or URL")
	if len(lacks) == 0 {
		return nil
	}
	return &bot.UseError{Text: "this needs a wiki. Still missing: " + strings.Join(lacks, "; ") +
		".\nGive them as flags, as FILEWARDEN_… in the environment, or in a settings file. \"filewarden demo\" needs none of them."}
}

// botSettings turns flags into what the bot is opened with.
func (o *Operator) botSettings(version string, log zerolog.Logger) bot.Settings {
	return bot.Settings{
		Wiki: wiki.Settings{
			API: o.API, User: o.User, Password: o.Password, Token: o.Token,
			Contact: o.Contact, Version: version, Log: log,
		},
		Hosts: o.Hosts, Mode: gate.Mode(o.Mode), Prefix: o.Prefix, Tasks: o.tasks, Log: log,
	}
}

// socket is where commands reach the bot that holds the data folder.
func (o *Operator) socket() string { return filepath.Join(o.Data, "control.sock") }

// storeFolder is the memory's own folder in the data folder, beside the socket.
func (c *Context) storeFolder() string { return filepath.Join(c.Operator.Data, "store") }
