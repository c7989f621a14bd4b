package usage

import (
	"filewarden/bot/wiki"
	"filewarden/wikiconfig"
)

// Who is told about a file that several people uploaded a version of.
const (
	original           = "original"
	originalAndCurrent = "originalAndCurrent"
	allUploaders       = "all"
	allButReverters    = "allButReverters"
)

// Which uses of a file are told.
const (
	every      = "every"
	firstUse   = "first"
	milestones = "milestones"
)

// Which of a user's own files are followed.
const (
	ownAny      = "any"
	ownOriginal = "original"
	ownNone     = "none"
)

// Config is the task's section of config.json.
type Config struct {
	Recipients string         `json:"recipients" jsonschema:"title=Which uploaders,enum=original,enum=originalAndCurrent,enum=all,enum=allButReverters" jsonschema_description:"Who is told about a file that several people uploaded a version of. A revert to an earlier version is no upload of one's own for allButReverters."`
	Sets       []Set          `json:"sets" jsonschema:"title=Sets of files,maxItems=200" jsonschema_description:"Sets of files that have a usage report each. Where notices are not only for subscribers, the uploaders of these files are told."`
	Credit     []Credit       `json:"credit" jsonschema:"title=Told for others,maxItems=1000" jsonschema_description:"Who is told about files that somebody else uploaded for them, such as a bot or an institution."`
	BusyFile   int            `json:"busyFile" jsonschema:"title=Too many uses,minimum=10,maximum=2000" jsonschema_description:"A file used on more pages than this is only counted."`
	Milestones []int          `json:"milestones" jsonschema:"title=Milestones,maxItems=50" jsonschema_description:"Numbers of uses that are worth a word."`
	Clients    []string       `json:"clients" jsonschema:"title=Client wikis,maxItems=50,pattern=^https?://[^/?# ]+/([^# ]*[/\\x3d])?$" jsonschema_description:"Addresses of wikis that use files of this one, up to where titles begin, such as https://de.example.org/wiki/, to be asked where the extension GlobalUsage is not installed. The operator must allow their hosts."`
	Deletion   DeletionConfig `json:"deletion" jsonschema:"title=Deletion"`
}

// Set is some files that belong together.
type Set struct {
	Name       string            `json:"name" jsonschema:"title=Name,required,minLength=1,maxLength=120,pattern=^[^<>{}|#\\[\\]/]+$" jsonschema_description:"Its report is the page Usage/<name>."`
	Files      wikiconfig.Titles `json:"files,omitempty" jsonschema:"title=Files"`
	Categories wikiconfig.Titles `json:"categories,omitempty" jsonschema:"title=Categories"`
	Galleries  wikiconfig.Titles `json:"galleries,omitempty" jsonschema:"title=Galleries and lists" jsonschema_description:"Pages that show or link to the files."`
	Uploaders  []string          `json:"uploaders,omitempty" jsonschema:"title=Uploaders"`
}

// Credit says who is told about the files of an uploader or a category.
type Credit struct {
	Uploader string   `json:"uploader,omitempty" jsonschema:"title=Uploader"`
	Category string   `json:"category,omitempty" jsonschema:"title=Category"`
	Tell     []string `json:"tell" jsonschema:"title=Users to tell,required"`
}

// DeletionConfig says how a nomination is recognised and who else is told.
type DeletionConfig struct {
	Templates  wikiconfig.Titles `json:"templates" jsonschema:"title=Templates" jsonschema_description:"Templates on the page of a file that is nominated for deletion."`
	Categories wikiconfig.Titles `json:"categories" jsonschema:"title=Categories" jsonschema_description:"Categories of files that are nominated for deletion."`
	Discussion string            `json:"discussion" jsonschema:"title=Discussion page,maxLength=200" jsonschema_description:"Title of the discussion about a file; $1 is the file's title, such as in Commons:Deletion requests/$1."`
	TalkPages  bool              `json:"talkPages" jsonschema:"title=Tell talk pages" jsonschema_description:"Whether the talk pages of pages of this wiki that use the file are told too, at most ten for a file."`
}

// Preferences are the task's section of a user's preferences.
type Preferences struct {
	When   string       `json:"when" jsonschema:"title=When,enum=every,enum=first,enum=milestones" jsonschema_description:"Which uses you want to hear of: every one, the first of each file, or round numbers."`
	Own    string       `json:"own" jsonschema:"title=Own files,enum=any,enum=original,enum=none" jsonschema_description:"any: files that you uploaded a version of, as the wiki has decided; original: only those whose first version is yours."`
	Follow FollowConfig `json:"follow" jsonschema:"title=Follow"`
	Mute   MuteConfig   `json:"mute" jsonschema:"title=Mute"`
}

// FollowConfig is what a user wants to hear of.
type FollowConfig struct {
	Own        bool              `json:"own" jsonschema:"title=Own files"`
	Files      wikiconfig.Titles `json:"files" jsonschema:"title=Files of others"`
	Categories wikiconfig.Titles `json:"categories" jsonschema:"title=Categories of files"`
	Galleries  wikiconfig.Titles `json:"galleries" jsonschema:"title=Galleries and lists of files"`
}

// MuteConfig is what a user does not want to hear of.
type MuteConfig struct {
	Files      wikiconfig.Titles `json:"files" jsonschema:"title=Files"`
	Categories wikiconfig.Titles `json:"categories" jsonschema:"title=Categories of files"`
	Galleries  wikiconfig.Titles `json:"galleries" jsonschema:"title=Galleries and lists of files"`
	Wikis      []string          `json:"wikis" jsonschema:"title=Wikis" jsonschema_description:"Host names such as ar.wikipedia.org; *.wikipedia.org is all beneath."`
	Namespaces []int             `json:"namespaces" jsonschema:"title=Namespaces" jsonschema_description:"Numbers of namespaces of the using pages, such as 2 for user pages."`
	Pages      wikiconfig.Titles `json:"pages" jsonschema:"title=Using pages" jsonschema_description:"Pages whose uses you do not want to hear of; a title that ends in / stands for all its subpages."`
}

func defaultConfig() Config {
	return Config{Recipients: allButReverters, BusyFile: 500,
		Milestones: []int{1, 10, 50, 100, 500, 1000, 5000, 10000}}
}

func defaultPreferences() Preferences {
	return Preferences{When: every, Own: ownAny, Follow: FollowConfig{Own: true}}
}

// follows says whether a user's own files are to be found.
func (p Preferences) followsOwn() bool { return p.Follow.Own && p.Own != ownNone }

const (
	nsFile     = 6
	nsTemplate = 10
	nsCategory = 14
	nsModule   = 828
)

// fileTitle brings a title to the form in which files are known here:
// "File:A b.jpg" whatever the wiki calls its file namespace.
func fileTitle(s *wiki.Session, written string) (string, bool) {
	for _, text := range []string{written, "File:" + written} {
		if t, err := s.Title(text); err == nil && t.NS == nsFile {
			return "File:" + t.Name, true
		}
	}
	return "", false
}

// pageTitle brings another title to its full form; a bare name of a category
// or template gets that namespace.
func pageTitle(s *wiki.Session, written string, ns int) (string, bool) {
	t, err := s.Title(written)
	if err == nil && t.NS == 0 && ns != 0 {
		t, err = s.Title(s.Site().Namespaces[ns] + ":" + written)
	}
	return t.Full, err == nil && t.Full != ""
}
