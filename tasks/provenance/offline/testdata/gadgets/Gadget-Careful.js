// Everything here looks like trouble and is none.
$( function () {
	var page = mw.config.get( 'wgPageName' ).split( '/' ).pop();
	var $icon = $( '<span>' ).css( { width: '22px', 'background-size': '22px' } );
	var href = $( '#ca-edit a' ).attr( 'href' ) + '?action=edit';
	$( 'link[href$="/zh-cn"]' ).remove();

	$( '.thumbimage' ).each( function () {
		var path = new URL( this.src, location ).pathname,
			title = mw.Title.newFromImg( this ),
			parsed = mw.util.parseImageUrl( this.src ),
			next = this.getAttribute( 'data-next' );
		if ( path.endsWith( '.svg.png' ) && title ) {
			$icon.attr( 'data-type', title.getExtension() );
		}
		if ( parsed && parsed.name ) {
			$icon.text( parsed.name );
		}
		if ( next && this.src !== next ) {
			this.src = next;
		}
		if ( /\.(jpe?g|png)(\?|$)/i.test( this.src ) ) {
			$icon.addClass( 'is-photo' );
		}
	} );
	$icon.attr( 'title', page ).appendTo( $( '<a>' ).attr( 'href', href ).insertAfter( '#firstHeading' ) );
} );
