// Links to services that look for copies of a picture, on its file page.
mw.loader.using( [ 'mediawiki.api', 'mediawiki.util' ] ).then( function () {
	if ( mw.config.get( 'wgNamespaceNumber' ) !== 6 ) {
		return;
	}
	new mw.Api().get( {
		action: 'query',
		prop: 'imageinfo',
		titles: mw.config.get( 'wgPageName' ),
		iiprop: 'url|mime',
		iiurlwidth: 800,
		formatversion: 2
	} ).then( function ( data ) {
		var info = data.query.pages[ 0 ].imageinfo[ 0 ];
		mw.util.addPortletLink( 'p-tb', 'https://tineye.com/search?url=' + encodeURIComponent( info.url ), 'TinEye' );
		mw.util.addPortletLink( 'p-tb', 'https://example.org/compare?picture=' + info.thumburl, 'Compare' );
		mw.util.addPortletLink( 'p-tb', info.url + '?download', 'Download' );
		if ( info.url.endsWith( '.pdf' ) ) {
			mw.util.addPortletLink( 'p-tb', mw.util.getUrl( 'Help:PDF' ), 'About PDF files' );
		}
	} );
} );
