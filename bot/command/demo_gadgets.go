package command

import "filewarden/bot/sandbox"

// demoGadgets are code of the wiki as it was written years ago. Each has
// something that breaks now; the story mends the first.
var demoGadgets = []struct{ title, text string }{
	{"MediaWiki:Gadgets-definition", `== Pictures ==
* FileTypes[ResourceLoader|default|dependencies=mediawiki.util]|FileTypes.js
* Lightbox[ResourceLoader]|Lightbox.js|Lightbox.css
`},
	{"MediaWiki:Gadget-FileTypes.js", demoFileTypes("this.src.split( '.' ).pop()")},
	{"MediaWiki:Gadget-Lightbox.js", `// Shows a picture large when somebody clicks on it.
mw.hook( 'wikipage.content' ).add( function ( $content ) {
	var $box = $( '<div>' ).addClass( 'lightbox' ).hide().appendTo( $content );
	$content.find( '.mw-file-element' ).on( 'click', function ( e ) {
		var large = this.src.replace( /\/\d+px-/, '/800px-' );
		e.preventDefault();
		$box.empty().append( $( '<img>' ).attr( 'src', large ) ).show();
	} );
} );
`},
	{"MediaWiki:Gadget-Lightbox.css", `.lightbox {
	position: fixed;
	inset: 0;
	background: #000c url( //upload.wikimedia.org/wikipedia/commons/thumb/a/a2/X_mark.svg/24px-X_mark.svg.png ) no-repeat top right;
}
`},
}

// demoFileTypes is a gadget that tells a picture's type in one way or another.
func demoFileTypes(expression string) string {
	return `// Writes the type of a picture beneath it.
mw.hook( 'wikipage.content' ).add( function ( $content ) {
	$content.find( 'img.mw-file-element' ).each( function () {
		var type = ` + expression + `;
		$( this ).after( $( '<small>' ).text( type.toUpperCase() ) );
	} );
} );
`
}

// installGadgets puts the code on the wiki.
func installGadgets(w *sandbox.Wiki) {
	for _, page := range demoGadgets {
		w.Edit("Clara", page.title, page.text, "new gadget")
	}
}

// mendGadget does what the report on the first gadget proposes.
func mendGadget(w *sandbox.Wiki) {
	w.Edit("Clara", "MediaWiki:Gadget-FileTypes.js", demoFileTypes("mw.Title.newFromImg( this ).getExtension()"), "as the report proposes")
}
