package bench

import (
	"encoding/json"
	"fmt"
	"testing"

	"filewarden/tests/realwiki"
)

// whoTarget is how many requests may go into finding who added 60 new uses.
const whoTarget = 10

// article is a page that comes to use a file.
type article struct {
	Page  string `json:"page"`
	File  string `json:"file"`
	adder realwiki.User
}

// who is the second row: 60 real edits that bring a file into use, with up to
// two edits of others after them.
func (b *bench) who(t *testing.T) {
	news := b.makeNews(t)
	input, err := json.Marshal(news)
	if err != nil {
		t.Fatal(err)
	}
	out := table{Title: fmt.Sprintf("2. Who added %d new uses on one wiki: at most %d requests", len(news), whoTarget)}
	out.row("", "for who", "requests", "KB", "CPU s", "wall s", "named rightly", "verdict")
	for _, as := range b.accounts {
		c, passed := b.do(t, player{"filewarden", b.bot}, "once usage", as, "")
		more := passed.beyond(b.quiet[as.Name])
		asked := 0
		for _, n := range more {
			asked += n
		}
		right := rightly(news, b.recall(t, as).Who)
		verdict := "reached"
		if asked > whoTarget || right < len(news) {
			verdict = "MISSED"
			t.Errorf("%s: %d of %d named rightly with %d requests %v, want at most %d", as.Limit, right, len(news), asked, more, whoTarget)
		}
		out.row("filewarden, "+as.Limit, asked, len(passed), passed.bytes()>>10, short(seconds(c.CPU)), short(seconds(c.Wall)), right, verdict)
	}
	for _, p := range b.peers() {
		c, passed := b.do(t, p, "who", b.accounts[0], string(input))
		_, login := b.do(t, p, "start", b.accounts[0], "")
		found := map[string]string{}
		if err := json.Unmarshal([]byte(c.Out), &found); err != nil {
			t.Fatalf("%s: %v\n%s", p.Name, err, c.Out)
		}
		out.row(p.Name+", page by page", len(passed)-len(login), len(passed), passed.bytes()>>10,
			short(seconds(c.CPU)), short(seconds(c.Wall)), rightly(news, found), "")
	}
	fmt.Println(out.String())
}

// makeNews saves the pages: each exists, then shows a file, then is edited on.
func (b *bench) makeNews(t *testing.T) []article {
	users := []realwiki.User{b.wiki.AddUser("Ada"), b.wiki.AddUser("Ben"), b.wiki.AddUser("Cleo")}
	var news []article
	before, later, last := map[string]string{}, map[string]string{}, map[string]string{}
	adding := make([]map[string]string, len(users))
	for i := range b.news {
		n := article{fmt.Sprintf("New article %02d", i), fmt.Sprintf("%s %05d.png", b.followed.Name, i), users[i%len(users)]}
		news = append(news, n)
		before[n.Page] = "A beginning.\n"
		if adding[i%len(users)] == nil {
			adding[i%len(users)] = map[string]string{}
		}
		shown := before[n.Page] + "[[File:" + n.File + "|thumb]]\n"
		adding[i%len(users)][n.Page] = shown
		if i%4 != 0 {
			later[n.Page] = shown + "More text.\n"
		}
		if i%4 == 2 {
			last[n.Page] = later[n.Page] + "Still more.\n"
		}
	}
	editor := b.wiki.AddUser("Dora")
	edits(t, b.wiki, editor, "begin", before)
	for i, user := range users {
		edits(t, b.wiki, user, "a picture", adding[i])
	}
	edits(t, b.wiki, editor, "more", later)
	edits(t, b.wiki, editor, "still more", last)
	return news
}

// rightly counts the pages whose adder was found.
func rightly(news []article, found map[string]string) (n int) {
	for _, one := range news {
		if found[one.Page] == one.adder.Name {
			n++
		}
	}
	return n
}
