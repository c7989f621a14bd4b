package mediaurl

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// script understands thumb.php, which names file and size in parameters:
// https://www.mediawiki.org/wiki/Manual:Thumb.php
func (u *URL) script(segments []string, params *[]Param) bool {
	p := pathEnd{segments}
	if p.at(0) != "thumb.php" {
		return false
	}
	name, ok := take(params, "f")
	if !ok || !u.title(name) {
		return false
	}
	u.Form, u.Base, u.Thumb = ThumbPHP, p.before(1), &Thumbnail{}
	u.Thumb.Width = u.number(params, "width", "w")
	u.Thumb.Page = u.number(params, "page", "p")
	u.Thumb.Lang, _ = take(params, "lang")
	if archived, _ := take(params, "archived"); archived != "" && archived != "0" {
		if old := oldName.FindStringSubmatch(u.Name); old != nil {
			u.Archived, u.Name = old[1], old[2]
		}
	}
	return true
}

// number takes a parameter out that has two names, of which the first counts.
func (u *URL) number(params *[]Param, names ...string) (n int) {
	for _, name := range names {
		value, given := take(params, name)
		if !given {
			continue
		}
		found, err := strconv.Atoi(strings.TrimSuffix(value, "px"))
		if err != nil || found < 1 || found > 999999 {
			u.damaged("%s is no number: %q", name, value)
			continue
		}
		if n == 0 {
			n = found
		}
	}
	return n
}

var (
	specialFilePath = regexp.MustCompile(`(?i)^[^:/]+:(filepath|dateipfad|chemin_?(du_)?fichier|ruta_de_archivo|bestandspad|ścieżka_do_pliku|caminho_do_ficheiro|filsökväg|cesta_k_souboru|путь_к_файлу|шлях_до_файлу|шлях_да_файла|パスの取得|文件路径|檔案路徑)$`)
	specialRedirect = regexp.MustCompile(`(?i)^[^:/]+:redirect$`)
)

// special understands Special:FilePath and Special:Redirect/file. Their English
// names work on every wiki, after whatever it calls its special pages; of the
// translations of FilePath those of MediaWiki's common languages are known.
func (u *URL) special(segments []string, params *[]Param) bool {
	page := slices.IndexFunc(segments, func(seg string) bool { return isSpecial(underscored(seg)) })
	title := segments
	if page < 0 {
		value, _ := take(params, "title")
		title = strings.Split(underscored(value), "/")
		if !isSpecial(title[0]) {
			return false
		}
		page, u.InTitle = 0, true
		u.Base = pathEnd{segments}.before(0)
	} else {
		u.Base = pathEnd{segments[:page]}.before(0)
	}
	u.Page = underscored(title[page])
	if !u.specialFile(title[page+1:], params) {
		return false
	}
	if width := u.number(params, "width"); width > 0 {
		u.Thumb = &Thumbnail{Width: width}
	}
	return true
}

func isSpecial(title string) bool {
	return specialFilePath.MatchString(title) || specialRedirect.MatchString(title)
}

// specialFile reads the file that a special page is asked for.
func (u *URL) specialFile(rest []string, params *[]Param) bool {
	u.Form = FilePath
	if specialRedirect.MatchString(u.Page) {
		u.Form = Redirect
		kind, _ := take(params, "wptype")
		if len(rest) > 0 {
			kind, rest = rest[0], rest[1:]
		}
		if !strings.EqualFold(kind, "file") {
			return false
		}
	}
	name, _ := take(params, "file")
	if value, ok := take(params, "wpvalue"); ok && u.Form == Redirect {
		name = value
	}
	if len(rest) > 0 {
		name = rest[0]
	}
	return len(rest) < 2 && u.title(name)
}

// title reads a file's title. No name holds a colon, so what stands before one
// is the namespace, whatever the wiki calls it.
func (u *URL) title(title string) bool {
	title = underscored(title)
	u.Name = strings.Trim(title[strings.LastIndexByte(title, ':')+1:], "_")
	return extension.MatchString(u.Name) && !strings.Contains(u.Name, "/") && !glued.MatchString(u.Name)
}
