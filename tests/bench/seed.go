package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filewarden/tests/realwiki"
)

// collection is a category of files that exist only as rows of the wiki's
// database, each used on the same number of pages.
type collection struct {
	Name  string // of the category; files are "<Name> 00001.png"
	Files int
	Uses  int // pages that use a file
	Pages int // pages that use any; each shows Files*Uses/Pages of them
}

func (c collection) title() string { return "Category:" + c.Name }
func (c collection) rows() int     { return c.Files * c.Uses }

// firstPage is where the ids of made pages begin, above those of real ones.
const firstPage = 1_000_000

// seed inserts a collection. The statements write what saving the pages would
// have written to page, image, imagelinks, categorylinks and category
// (https://www.mediawiki.org/wiki/Manual:Database_layout): uploading ten
// thousand files would take longer than the rest of the bench.
func (c collection) seed(t testing.TB, w *realwiki.Wiki, from int) {
	t.Helper()
	key := strings.ReplaceAll(c.Name, " ", "_")
	pages := from + c.Files
	statements := []string{
		fmt.Sprintf(`INSERT INTO page (page_id, page_namespace, page_title, page_random, page_touched, page_latest, page_len, page_content_model)
 WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < %d)
 SELECT %d+i, 6, printf('%s_%%05d.png', i), 0.5, '20250101000000', 1, 100, 'wikitext' FROM n;`, c.Files, from, key),
		fmt.Sprintf(`INSERT INTO image (img_name, img_size, img_width, img_height, img_metadata, img_bits, img_media_type, img_major_mime, img_minor_mime, img_description_id, img_actor, img_timestamp, img_sha1)
 WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < %d)
 SELECT printf('%s_%%05d.png', i), 100, 10, 10, '{}', 8, 'BITMAP', 'image', 'png', 1, 1, '20250101000000', printf('%%031d', i) FROM n;`, c.Files, key),
		fmt.Sprintf(`INSERT INTO categorylinks (cl_from, cl_to, cl_sortkey, cl_timestamp, cl_collation, cl_type)
 WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < %d)
 SELECT %d+i, '%s', printf('%%05d', i), '2025-01-01 00:00:00', 'uppercase', 'file' FROM n;`, c.Files, from, key),
		fmt.Sprintf(`INSERT INTO category (cat_title, cat_pages, cat_files) VALUES ('%s', %d, %d);`, key, c.Files, c.Files),
		fmt.Sprintf(`INSERT INTO page (page_id, page_namespace, page_title, page_random, page_touched, page_latest, page_len, page_content_model)
 WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < %d)
 SELECT %d+i, 0, printf('Article_on_%s_%%05d', i), 0.5, '20250101000000', 1, 100, 'wikitext' FROM n;`, c.Pages, pages, key),
		// Use u of file i is on page i+u*step, so that no page shows a file twice.
		fmt.Sprintf(`INSERT INTO imagelinks (il_from, il_to, il_from_namespace)
 WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i+1 < %d),
  u(j) AS (SELECT 0 UNION ALL SELECT j+1 FROM u WHERE j+1 < %d)
 SELECT %d + (i+j*%d) %% %d, printf('%s_%%05d.png', i), 0 FROM n, u;`,
			c.Files, c.Uses, pages, max(1, c.Pages/c.Uses), c.Pages, key),
	}
	file := filepath.Join(t.TempDir(), "seed.sql")
	if err := os.WriteFile(file, []byte(strings.Join(statements, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Maintenance("sql", file)
}

// edits saves pages in one process of the wiki's own script, as fast as it can
// and like any other edit.
func edits(t testing.TB, w *realwiki.Wiki, as realwiki.User, summary string, texts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--user", as.Name, "--summary", summary, "--overwrite", "--rc"}
	for title, text := range texts {
		file := filepath.Join(dir, title+".txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	w.Maintenance("importTextFiles", args...)
}
