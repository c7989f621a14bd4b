// Shows a larger picture while the mouse is over a thumbnail.
$( function () {
	var $box = $( '<div id="quick-preview">' ).hide().appendTo( document.body );
	var ratio = window.devicePixelRatio || 1;

	function larger( src, width ) {
		return src.replace( /\/\d+px-/, '/' + width + 'px-' );
	}

	function original( src ) {
		return src.replace( '/thumb/', '/' ).replace( /\/[^\/]*$/, '' );
	}

	$( '.thumbimage, .gallerybox img' ).on( 'mouseenter', function () {
		var small = this.src,
			image = new Image();
		image.onload = function () {
			$box.empty().append( image ).show();
		};
		image.onerror = function () {
			image.onerror = null;
			image.src = original( small );
		};
		image.src = larger( small, 640 * ratio );
	} ).on( 'mouseleave', function () {
		$box.hide();
	} );

	// The address without what follows it, to keep the cache warm.
	$( '#file img' ).each( function () {
		var plain = this.src.split( '?' )[ 0 ];
		new Image().src = plain;
	} );
} );
