package literal

import (
	"regexp"
	"strconv"
	"strings"

	"filewarden/bot/wiki/mediaurl"
	"filewarden/tasks/provenance/rule"
)

// redirectForm is a special page that redirects to a file: its English names
// and those of larger wikis.
var redirectForm = regexp.MustCompile(`(?i)(?:[:/]|title=)(?:[^:/?&=]{2,40}:)(?:filepath|redirect/file|dateipfad|weiterleitung/datei|weiterleitung/file|` +
	`chemin_du_fichier|chemin_fichier|redirection/fichier|redirection/file|ruta_de_archivo|rutadearchivo|percorsofile|bestandspad|путь_к_файлу|` +
	`文件路径|檔案路徑|ファイルパス)(?:/|[?&]|$)`)

// widthParam is the width that such a page is asked for.
var widthParam = regexp.MustCompile(`[?&]width=(\d{1,6})(?:px)?(?:[^0-9]|$)`)

// redirected is TS005: a redirect to a width that is then made into another.
func redirected(text string, a address) (rule.Hit, bool) {
	whole := a.text[a.start:a.end]
	m := widthParam.FindStringSubmatchIndex(whole)
	if m == nil || !redirectForm.MatchString(decode("/"+whole)) {
		return rule.Hit{}, false
	}
	digits := whole[m[2]:m[3]]
	width, _ := strconv.Atoi(digits)
	if width == 0 || mediaurl.IsStep(width) {
		return rule.Hit{}, false
	}
	step := strconv.Itoa(nextStep(width))
	hit := a.hit(text, "TS005", digits, step)
	hit.Fix = a.with(text, a.start+m[2], a.start+m[3], step)
	return hit, true
}

// rendered is PV013: the script that scales a picture anew for each request.
func rendered(text string, a address) (rule.Hit, bool) {
	path := a.path()
	if !strings.HasSuffix(path, "/thumb.php") && path != "thumb.php" || !strings.Contains(a.text[a.from:a.end], "?") {
		return rule.Hit{}, false
	}
	return a.hit(text, "PV013", "thumb.php"), true
}
