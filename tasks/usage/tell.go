package usage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"filewarden/bot/notice"
	"filewarden/bot/wiki"
	"filewarden/storage"
)

// Facts of an event beside its own fields.
const (
	factVia       = "via"     // title of the template or item through which the file is shown
	factKind      = "kind"    // viaTemplate or viaItem
	factAddress   = "address" // of an item
	factComment   = "comment" // edit summary
	factOthers    = "others"  // pages of this wiki that this event stands for besides its own
	factFirst     = "first"   // first use of the file
	factMilestone = "milestone"
	factBusy      = "busy" // pages counted before it was given up: the file has too many uses
	factMute      = "mute" // address of a request to mute the file
)

// flush finds out who made the gathered changes and stores each file's memory
// together with the events about it.
func (p *pass) flush(ctx context.Context) error {
	changes := p.pending
	p.pending, p.news, p.gathered = nil, 0, 0
	if len(changes) == 0 {
		return nil
	}
	if err := p.attribute(ctx, changes); err != nil {
		return err
	}
	if err := p.meetHearers(ctx, changes); err != nil {
		return err
	}
	for _, c := range changes {
		for _, f := range c.hear {
			if w := p.people[f.user]; w != nil && w.enabled && !w.mute.files[c.title] {
				c.events = append(c.events, p.events(ctx, c, w)...)
			}
		}
		if err := p.addAhead(c); err != nil {
			return err
		}
	}
	return storage.UpdateEach(p.Store, changes, p.store)
}

// maxEvents is how many events go into one transaction with a file's memory.
const maxEvents = 500

// addAhead stores what is too much for one transaction before the memory
// changes. If the pass ends in between, the next finds the same news and the
// box knows these events by their ids.
func (p *pass) addAhead(c *change) error {
	for len(c.events) > maxEvents {
		some := c.events[:maxEvents]
		if err := p.Store.Update(func(tx storage.Tx) error { return p.box.Add(tx, some...) }); err != nil {
			return err
		}
		c.events = c.events[maxEvents:]
	}
	return nil
}

// meetHearers replaces uploaders at large by their names, and reads the
// preferences of whoever is going to be told.
func (p *pass) meetHearers(ctx context.Context, changes []*change) error {
	var files []string
	for _, c := range changes {
		if c.tells() && slices.ContainsFunc(c.hear, atLarge) {
			files = append(files, c.title)
		}
	}
	histories, err := p.histories(ctx, files)
	if err != nil {
		return err
	}
	var users []string
	for _, c := range changes {
		if !c.tells() || !slices.ContainsFunc(c.hear, atLarge) {
			continue
		}
		c.hear = slices.DeleteFunc(c.hear, atLarge)
		for _, user := range recipients(histories[c.title], p.config.Recipients) {
			if !slices.ContainsFunc(c.hear, func(f follow) bool { return f.user == user }) {
				c.hear = append(c.hear, follow{user: user, owner: user})
				users = append(users, user)
			}
		}
	}
	return p.meetAtLarge(ctx, users)
}

// tells says whether there is anything to tell.
func (c *change) tells() bool { return len(c.hear) > 0 && (len(c.added) > 0 || c.busy > 0) }

func atLarge(f follow) bool { return f.user == uploaders }

// meetAtLarge reads the preferences of people who did not subscribe.
func (p *pass) meetAtLarge(ctx context.Context, users []string) error {
	var unknown []string
	for _, user := range users {
		if p.people[user] == nil {
			unknown = append(unknown, user)
		}
	}
	if err := p.meet(ctx, unknown...); err != nil {
		return err
	}
	for _, user := range unknown {
		if w := p.people[userName(user)]; w != nil {
			w.mute = p.mutedBy(w)
		}
	}
	return nil
}

// store puts one file's memory, history and events into a transaction.
func (p *pass) store(tx storage.Tx, c *change) error {
	if err := putScanned(tx, c); err != nil {
		return err
	}
	if c.busy == 0 && !c.base {
		if err := p.storeHistory(tx, c); err != nil {
			return err
		}
	}
	return p.box.Add(tx, c.events...)
}

func (p *pass) storeHistory(tx storage.Tx, c *change) error {
	for _, u := range c.added {
		f := c.found[u.key()]
		row := historyRow{Title: u.Title, NS: u.NS, Rev: f.rev, User: f.user, Comment: cut(f.comment), Via: f.via}
		if err := p.putHistory(tx, c.title, u, f.edit, row); err != nil {
			return err
		}
	}
	for _, u := range c.removed {
		f := c.removal[u.key()]
		row := historyRow{Title: u.Title, NS: u.NS, Removed: true, Rev: f.rev, User: f.user, Comment: cut(f.comment)}
		if err := p.putHistory(tx, c.title, u, f.edit, row); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) putHistory(tx storage.Tx, file string, u use, e edit, row historyRow) error {
	if !e.time.IsZero() {
		row.Time = e.time.Unix()
	}
	return historyTable.Put(tx, row, file, fmt.Sprintf("%011d", p.start.Unix()), u.Wiki.Key, strconv.FormatInt(u.Page, 10))
}

// historyKey is the use that a row of a file's history is about.
func historyKey(key []string) useKey {
	page, err := strconv.ParseInt(key[3], 10, 64)
	if err != nil {
		return useKey{}
	}
	return useKey{key[2], page}
}

// events about a file's new uses for one person.
func (p *pass) events(ctx context.Context, c *change, w *person) []notice.Event {
	if c.busy > 0 {
		return []notice.Event{p.busyEvent(c, w)}
	}
	var kept []use
	for _, u := range c.added {
		if !w.mute.use(u, p.Wiki.Host()) && !p.ownDoing(ctx, c.found[u.key()], u, w) {
			kept = append(kept, u)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	p.inOrder(c, kept)
	before := c.row.ever()
	marks := milestonesCrossed(p.config.Milestones, before, c.next.ever())
	switch {
	case w.prefs.When == firstUse && before > 0:
		return nil
	case w.prefs.When == milestones && len(marks) == 0:
		return nil
	case w.prefs.When == firstUse:
		kept = kept[:1]
	case w.prefs.When == milestones:
		kept = kept[len(kept)-1:]
	}
	events := p.grouped(c, kept, w)
	if before == 0 && (len(marks) == 0 || marks[len(marks)-1] <= 1) {
		events[0].Facts[factFirst] = "1"
	}
	if n := len(marks); n > 0 && marks[n-1] > 1 { // the uses that there are, as a burst goes beyond the mark
		events[len(events)-1].Facts[factMilestone] = strconv.Itoa(max(marks[n-1], len(c.next.Uses)))
	}
	return events
}

// inOrder sorts uses by when they came, so that the first is told as the first;
// those of which nobody knows are taken for new.
func (p *pass) inOrder(c *change, uses []use) {
	came := func(u use) time.Time {
		if at := c.found[u.key()].time; !at.IsZero() {
			return at
		}
		return p.start
	}
	slices.SortStableFunc(uses, func(a, b use) int { return came(a).Compare(came(b)) })
}

// milestonesCrossed on the way from one number of uses to another, in order.
func milestonesCrossed(all []int, before, after int) (crossed []int) {
	for _, m := range all {
		if before < m && m <= after {
			crossed = append(crossed, m)
		}
	}
	slices.Sort(crossed)
	return crossed
}

// ownDoing says whether a use is the person's own edit.
func (p *pass) ownDoing(ctx context.Context, f finding, u use, w *person) bool {
	if f.user == "" || userName(f.user) != w.name {
		return false
	}
	place := u.Wiki
	if f.kind == viaItem {
		place = placeOf(strings.TrimSuffix(f.url, f.via))
	}
	return place.Key == "" || p.Farm.SamePerson(ctx, place, p.Env.Config.SameUsers)
}

// maxSingle is how many uses of a file one person is told of one by one; when
// there are more at once, an event stands for all on a wiki that came the same way.
const maxSingle = 20

func (p *pass) grouped(c *change, uses []use, w *person) (events []notice.Event) {
	if len(uses) <= maxSingle {
		for _, u := range uses {
			events = append(events, p.event(c, u, w))
		}
		return events
	}
	type way struct{ wiki, via string }
	at := map[way]int{}
	others := map[way]int{}
	for _, u := range uses {
		key := way{u.Wiki.Key, c.found[u.key()].via}
		i, ok := at[key]
		if !ok {
			at[key] = len(events)
			events = append(events, p.event(c, u, w))
			continue
		}
		others[key]++
		events[i].Facts[factOthers] = strconv.Itoa(others[key])
		if events[i].Agent != c.found[u.key()].user {
			events[i].Agent = ""
		}
	}
	return events
}

// event of one use.
func (p *pass) event(c *change, u use, w *person) notice.Event {
	f := c.found[u.key()]
	e := notice.Event{
		ID:   eventID("use", c.title, u.Wiki.Key, strconv.FormatInt(u.Page, 10), w.name),
		Kind: KindUsage, User: w.name, File: c.title, Page: u.Title, Wiki: u.Wiki,
		Agent: f.user, Rev: f.rev, Time: f.time, Facts: map[string]string{},
	}
	if u.Wiki.Key != "" {
		e.URL = pageURL(u.Wiki, u.Title)
	}
	if e.Time.IsZero() {
		e.Time = p.start
	}
	for key, value := range map[string]string{factVia: f.via, factKind: f.kind, factAddress: f.url, factComment: cut(f.comment)} {
		if value != "" {
			e.Facts[key] = value
		}
	}
	return e
}

// busyEvent tells once that a file has more uses than are told one by one.
func (p *pass) busyEvent(c *change, w *person) notice.Event {
	return notice.Event{
		ID: eventID("busy", c.title, w.name), Kind: KindUsage, User: w.name, File: c.title, Page: c.title, Time: p.start,
		Facts: map[string]string{factBusy: strconv.Itoa(c.busy), factMute: p.requestAddress("mute file " + c.title)},
	}
}

// requestAddress opens a new section on Requests with that heading
// (https://www.mediawiki.org/wiki/Manual:Parameters_to_index.php).
func (p *pass) requestAddress(heading string) string {
	page := p.Reports.Title(notice.RequestsPage)
	query := url.Values{"title": {page}, "action": {"edit"}, "section": {"new"},
		"preload": {p.Reports.Title(notice.PreloadPage)}, "preloadtitle": {heading}}
	site := p.Wiki.Site()
	server := site.Server
	if strings.HasPrefix(server, "//") {
		server = "https:" + server
	}
	return server + site.Script + "?" + query.Encode()
}

// eventID is the same for the same fact for ever.
func eventID(sort string, parts ...string) string {
	sum := sha256.Sum256([]byte(sort + "\x00" + strings.Join(parts, "\x00")))
	return sort + "-" + hex.EncodeToString(sum[:16])
}

// maxComment is how many bytes of an edit summary are kept.
const maxComment = 300

func cut(comment string) string {
	if len(comment) <= maxComment {
		return comment
	}
	return strings.ToValidUTF8(comment[:maxComment], "") + "…"
}

func timeOf(stamp int64) time.Time {
	if stamp == 0 {
		return time.Time{}
	}
	return time.Unix(stamp, 0).UTC()
}

// pageURL of a page on another wiki; "" where its address is not known.
func pageURL(place wiki.Place, title string) string {
	if !strings.Contains(place.Key, "://") {
		return ""
	}
	return place.Key + wiki.EscapeTitle(title)
}
