package copyvio

import (
	"time"

	"filewarden/tasks/copyvio/provider"
	"filewarden/tasks/copyvio/recipe"
	"filewarden/wikiconfig"
)

// Config is the task's section of config.json.
type Config struct {
	wikiconfig.Common
	Wait         wikiconfig.Duration `json:"wait" jsonschema:"title=Waiting period" jsonschema_description:"How long after an upload providers are asked about it, so that nobody pays for a file that is deleted within hours."`
	Reviewers    []string            `json:"reviewers" jsonschema:"title=Reviewers,maxItems=50" jsonschema_description:"Groups whose members may decide cases, such as patroller. Who may delete pages always may."`
	Action       string              `json:"action" jsonschema:"title=Action,enum=none,enum=tag,enum=delayed,enum=nominate,enum=delete" jsonschema_description:"What the bot does about an accepted case: a speedy tag, one that leaves some days to show a permission, a request for deletion, or the deletion itself. delete takes a bot and a reviewer who both may delete."`
	Grace        wikiconfig.Duration `json:"grace" jsonschema:"title=Time to think again" jsonschema_description:"How long a decision must stand before the bot acts on it; until then it can be taken back without a trace."`
	Recipe       string              `json:"recipe" jsonschema:"title=Recipe,maxLength=60" jsonschema_description:"Name of the recipe for the action; empty: the one for this wiki."`
	Template     string              `json:"template" jsonschema:"title=Template,maxLength=100" jsonschema_description:"Name of the template that the recipe generic puts on a file page."`
	Providers    provider.Config     `json:"providers" jsonschema:"title=Providers"`
	Withhold     []string            `json:"withhold" jsonschema:"title=Withheld addresses,maxItems=2000" jsonschema_description:"An image with a match at one of these addresses is on no page. example.org is the domain and all beneath it, example.org/a/ what begins so, and /…/ a regular expression."`
	SafeSearch   SafeSearch          `json:"safeSearch" jsonschema:"title=SafeSearch"`
	Blocklist    []string            `json:"blocklist" jsonschema:"title=Ignored addresses,maxItems=5000" jsonschema_description:"Matches at these addresses are discarded: mirrors of the wiki, and sites that copy from it."`
	Licensed     []string            `json:"licensed" jsonschema:"title=Freely licensed sources,maxItems=2000" jsonschema_description:"Matches at these addresses are shown as freely licensed and open no case."`
	Opens        []string            `json:"opens" jsonschema:"title=Evidence that opens a case,maxItems=10,enum=deleted,enum=accepted,enum=alike,enum=facebook,enum=metadata,enum=name,enum=duplicate,enum=nolicence" jsonschema_description:"Evidence that is reason enough for a case when no provider found anything. deleted and alike count where the earlier file was deleted or accepted as copied."`
	Trusted      []string            `json:"trusted" jsonschema:"title=Trusted uploaders,maxItems=1000" jsonschema_description:"Users whose uploads are hashed and not looked for, such as bots that import free collections."`
	NonFree      wikiconfig.Titles   `json:"nonFree" jsonschema:"title=Non-free files,maxItems=50" jsonschema_description:"Categories of files that this wiki keeps without a free licence: they are linked in reports and never shown."`
	Warnings     string              `json:"warnings" jsonschema:"title=Warnings,maxLength=300" jsonschema_description:"Regular expression: headings on an uploader's talk page that are warnings about copyright."`
	Feeds        []Feed              `json:"feeds" jsonschema:"title=Feeds,maxItems=20"`
	NewUploaders int                 `json:"newUploaders" jsonschema:"title=New uploaders,minimum=0,maximum=5000" jsonschema_description:"Uploads by users with at most so many edits are listed day by day; 0: no such list."`
	ChecksPerDay int                 `json:"checksPerDay" jsonschema:"title=Checks per day,minimum=0,maximum=10000" jsonschema_description:"How many files may be asked for on Requests in a day (UTC), all users together."`
	ChecksByUser int                 `json:"checksByUser" jsonschema:"title=Checks per user and day,minimum=0,maximum=1000" jsonschema_description:"How many of them one user may ask for. Reviewers are only bound by checksPerDay."`
	ArchiveAfter wikiconfig.Duration `json:"archiveAfter" jsonschema:"title=Archive after" jsonschema_description:"How long a decided case stays on the pages."`
}

// SafeSearch are the highest ratings (1 very unlikely … 5 very likely) with
// which a case may stand on the page of all cases; 5 allows everything.
type SafeSearch struct {
	Adult    int `json:"adult" jsonschema:"title=Adult,minimum=0,maximum=5" jsonschema_description:"A case with a higher rating is kept off the page of all cases: 1 is very unlikely, 3 possible, 5 very likely."`
	Medical  int `json:"medical" jsonschema:"title=Medical,minimum=0,maximum=5"`
	Violence int `json:"violence" jsonschema:"title=Violence,minimum=0,maximum=5"`
	Racy     int `json:"racy" jsonschema:"title=Racy,minimum=0,maximum=5"`
}

// Feed is a page of those cases that somebody looks after.
type Feed struct {
	Name      string   `json:"name" jsonschema:"title=Name,required,minLength=1,maxLength=100,pattern=^[^<>{}|#\\[\\]/]+$" jsonschema_description:"The page is Copyvio/<name>."`
	MinEdits  int      `json:"minEdits,omitempty" jsonschema:"title=At least so many edits,minimum=0"`
	MaxEdits  int      `json:"maxEdits,omitempty" jsonschema:"title=At most so many edits,minimum=0" jsonschema_description:"Of the uploader; 0: no limit."`
	Groups    []string `json:"groups,omitempty" jsonschema:"title=Groups" jsonschema_description:"The uploader is in one of these groups."`
	NotGroups []string `json:"notGroups,omitempty" jsonschema:"title=Not in groups"`
	Patrolled string   `json:"patrolled,omitempty" jsonschema:"title=Patrolled,enum=any,enum=yes,enum=no" jsonschema_description:"Whether the upload was patrolled, as the public patrol log says."`
	Uploaders []string `json:"uploaders,omitempty" jsonschema:"title=Uploaders"`
}

// Preferences are the task's section of a user's Filewarden.json.
type Preferences struct {
	Uploads bool `json:"uploads" jsonschema:"title=My uploads" jsonschema_description:"Hear when one of your uploads may be the same as pictures elsewhere, and what reviewers decided."`
	Patrols bool `json:"patrols" jsonschema:"title=What I patrolled" jsonschema_description:"The same of uploads that you patrolled."`
}

func defaultConfig() Config {
	hours := func(n int) wikiconfig.Duration { return wikiconfig.Duration(time.Duration(n) * time.Hour) }
	return Config{
		Common: wikiconfig.Common{Every: hours(1)}, Wait: hours(48),
		Reviewers: []string{"patroller", "sysop"}, Action: "none", Grace: wikiconfig.Duration(recipe.Grace), Providers: provider.DefaultConfig(),
		SafeSearch: SafeSearch{Adult: 3, Medical: 3, Violence: 4, Racy: 4}, Blocklist: mirrors(),
		Opens: []string{"deleted", "accepted", "alike", "facebook"}, Warnings: "(?i)copyright|copyvio|Urheberrecht|droits? d[’']auteur|版权|著作权",
		NewUploaders: 150, ChecksPerDay: 100, ChecksByUser: 10, ArchiveAfter: hours(48),
	}
}

func defaultPreferences() Preferences { return Preferences{Uploads: true, Patrols: true} }

// mirrors are the wikis of Wikimedia and some of the best known sites that copy
// from them: a match there says nothing about the upload.
func mirrors() []string {
	return []string{
		"wikimedia.org", "wikipedia.org", "wiktionary.org", "wikibooks.org", "wikinews.org", "wikiquote.org", "wikisource.org",
		"wikiversity.org", "wikivoyage.org", "wikidata.org", "mediawiki.org", "wmflabs.org", "toolforge.org", "wmcloud.org",
		"alchetron.com", "dbpedia.org", "everipedia.org", "infogalactic.com", "kiwix.org", "wikiwand.com", "wikizero.com", "wiki2.org", "wikimili.com", "wikitia.com",
	}
}
