/**
 * A badge with the type of each picture in an article, and a list of their
 * names below it.
 */
( function ( $, mw ) {
	'use strict';

	var colours = { svg: 'green', png: 'blue', jpg: 'orange' };

	function typeOf( img ) {
		var ext = img.src.split( '.' ).pop();
		return ext.toLowerCase();
	}

	function nameOf( img ) {
		var address = $( img ).attr( 'src' );
		return decodeURIComponent( address.substring( address.lastIndexOf( '/' ) + 1 ) );
	}

	function isDrawing( img ) {
		return /\.svg\/\d+px-.*\.png$/.test( img.src );
	}

	mw.hook( 'wikipage.content' ).add( function ( $content ) {
		var names = [];
		$content.find( 'a.image img' ).each( function () {
			var type = isDrawing( this ) ? 'svg' : typeOf( this );
			$( '<span>' ).addClass( 'badge' ).css( 'color', colours[ type ] || 'grey' ).text( type ).insertAfter( this );
			names.push( nameOf( this ) );
		} );
		$content.find( 'img[src$=".svg.png"]' ).addClass( 'is-drawing' );
		$( '#catlinks' ).before( $( '<p>' ).text( names.join( ', ' ) ) );
	} );
}( jQuery, mediaWiki ) );
