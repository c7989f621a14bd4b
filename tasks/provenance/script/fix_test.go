package script

import (
	"strings"
	"testing"
)

func TestAnAddedParameterKeepsItsNameAndValueInTheAdvice(t *testing.T) {
	for code, want := range map[string]string{
		"img.src + '?download'":   "set('download', '')",
		"img.src + '?download=1'": "set('download', '1')",
		"img.src + '?v=' + n":     "set('v', n)",
		"img.src + '?' + n":       "set('_', n)",
	} {
		hits, err := Audit([]byte("var img = document.querySelector( 'img' );\nopen( " + code + " );"))
		if err != nil || len(hits) != 1 || !strings.Contains(hits[0].Fix, want) {
			t.Errorf("%s is answered by %v, %v; it should have %q", code, hits, err, want)
		}
	}
}
