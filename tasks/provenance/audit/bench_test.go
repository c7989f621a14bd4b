package audit

import (
	"bytes"
	"testing"
)

// plainCode is a gadget that has nothing to do with media.
const plainCode = `mw.loader.using( [ 'mediawiki.util', 'mediawiki.api' ] ).then( function () {
	var $content = $( '#mw-content-text' ), api = new mw.Api();
	if ( mw.config.get( 'wgNamespaceNumber' ) !== 0 || !mw.user.isAnon() ) { return; }
	api.get( { action: 'query', list: 'recentchanges', rclimit: 50, rcprop: 'title|user' } ).then( function ( data ) {
		data.query.recentchanges.forEach( function ( change ) {
			$content.append( $( '<li>' ).text( change.title + ' (' + change.user + ')' ) );
		} );
	} );
} );
`

// media is a line that a gadget with media adds.
const media = `img.src = '//upload.wikimedia.org/wikipedia/commons/thumb/e/e3/Foo.svg/22px-Foo.svg.png';
`

// BenchmarkFile tells the MB a second of gadgets of 8 KB: those
// without a trigger are only searched, the others are read.
func BenchmarkFile(b *testing.B) {
	for name, line := range map[string]string{"without triggers": "", "with triggers": media} {
		text := append([]byte(line), bytes.Repeat([]byte(plainCode), 14)...)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if got := File(Source{Path: "Gadget.js", Language: JavaScript, Text: text}); got.Read != (line != "") || got.Analysis != Full {
					b.Fatal(got.Analysis, got.Why)
				}
			}
		})
	}
}
