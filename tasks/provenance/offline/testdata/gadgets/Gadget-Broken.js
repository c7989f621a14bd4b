// Saved by a hurried hand: a bracket is missing.
function showStar( title ) {
	if ( title.indexOf( 'User:' === 0 ) {
		return;
	}
	$( '#firstHeading' ).append( '<img src="https://upload.wikimedia.org/wikipedia/commons/thumb/4/44/Symbol_star_gold.svg/18px-Symbol_star_gold.svg.png" alt="">' );
}
showStar( mw.config.get( 'wgPageName' ) );
