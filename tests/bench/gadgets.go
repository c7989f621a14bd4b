package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// gadgets is a folder of code that looks like what wikis have: many small
// scripts, most of which never touch a picture, and a few large bundles, which
// do somewhere.
//
// In fourteen public repositories of gadgets with 1,051 scripts and 21 MB, a
// quarter of the scripts were smaller than 1.2 KB, half smaller than 4.7 KB, a
// tenth larger than 37 KB and a hundredth larger than 212 KB, 20 KB on average:
// a log-normal distribution. A trigger word stood in 12 % of them with 47 % of
// the bytes, and a fault in every 190 KB of those.
type gadgets struct {
	Name  string
	Files int
	Bytes int
	Media float64 // the share of files that deal with media; the larger, the likelier

	dir    string
	bytes  int // that were written
	faults int // file types read from the end of an address; unknown in real gadgets
}

// asOnWikis is the share of scripts that deal with media.
const asOnWikis = 0.12

// spread is how far sizes are spread: the deviation of their logarithms.
const spread = 1.6

// plain are pieces of gadgets without media. Each %[1]s is a name, %[2]d a number.
var plain = []string{`
// Adds a link to the menu of the page.
function addLink%[1]s( portlet, text ) {
	var link = mw.util.addPortletLink( portlet, mw.util.getUrl( 'Project:%[1]s' ), text, 'ca-%[1]s', null );
	if ( !link ) {
		return;
	}
	$( link ).on( 'click', function ( event ) {
		event.preventDefault();
		start%[1]s( { limit: %[2]d, page: mw.config.get( 'wgPageName' ), quiet: false } );
	} );
}
`, `
function start%[1]s( options ) {
	var pending = [], done = 0, failed = 0;
	for ( var i = 0; i < options.limit; i++ ) {
		pending.push( { index: i, title: options.page + '/' + ( i + %[2]d ), tries: 0 } );
	}
	return pending.reduce( function ( before, job ) {
		return before.then( function () {
			job.tries++;
			done += job.index %% 2 ? 1 : 0;
			return work%[1]s( job );
		} ).catch( function ( problem ) {
			failed++;
			mw.log.warn( 'job ' + job.index + ' of %[1]s: ' + problem );
		} );
	}, $.Deferred().resolve().promise() ).then( function () {
		mw.notify( done + ' done, ' + failed + ' failed' );
	} );
}
`, `
var work%[1]s = ( function () {
	'use strict';
	var api = new mw.Api( { ajax: { timeout: %[2]d } } ),
		cache = {};
	return function ( job ) {
		if ( Object.prototype.hasOwnProperty.call( cache, job.title ) ) {
			return cache[ job.title ];
		}
		cache[ job.title ] = api.get( {
			action: 'query', prop: 'revisions', rvprop: [ 'timestamp', 'user', 'comment' ],
			rvlimit: 1, titles: job.title, formatversion: 2
		} ).then( function ( answer ) {
			var pages = answer.query && answer.query.pages || [];
			return pages.filter( function ( page ) {
				return !page.missing && page.revisions.length > 0;
			} ).map( function ( page ) {
				return { title: page.title, user: page.revisions[ 0 ].user, when: new Date( page.revisions[ 0 ].timestamp ) };
			} );
		} );
		return cache[ job.title ];
	};
}() );
`, `
mw.messages.set( {
	'%[1]s-title': 'Settings of the gadget',
	'%[1]s-save': 'Save',
	'%[1]s-cancel': 'Cancel',
	'%[1]s-count': '{{PLURAL:$1|one page|$1 pages}} in %[2]d days',
	'%[1]s-help': 'Write one title in each line. Lines that begin with # are left out, and so are titles longer than 255 bytes.'
} );
`, `
class Dialog%[1]s extends OO.ui.ProcessDialog {
	initialize() {
		super.initialize();
		this.input = new OO.ui.MultilineTextInputWidget( { rows: %[2]d, autosize: true, placeholder: mw.msg( '%[1]s-help' ) } );
		this.panel = new OO.ui.PanelLayout( { padded: true, expanded: false } );
		this.panel.$element.append( new OO.ui.FieldLayout( this.input, { label: mw.msg( '%[1]s-title' ), align: 'top' } ).$element );
		this.$body.append( this.panel.$element );
		return this;
	}
	getActionProcess( action ) {
		if ( action === 'save' ) {
			const lines = this.input.getValue().split( '\n' ).map( ( line ) => line.trim() ).filter( ( line ) => line && !line.startsWith( '#' ) );
			return new OO.ui.Process( async () => {
				await this.store( [ ...new Set( lines ) ] );
				this.close( { action, count: lines.length } );
			} );
		}
		return super.getActionProcess( action );
	}
}
`, `
function parse%[1]s( wikitext ) {
	var depth = 0, parts = [ '' ], at, two;
	for ( at = 0; at < wikitext.length; at++ ) {
		two = wikitext.slice( at, at + 2 );
		if ( two === '{{' || two === '[[' ) {
			depth++;
			at++;
			parts[ parts.length - 1 ] += two;
		} else if ( two === '}}' || two === ']]' ) {
			depth = Math.max( 0, depth - 1 );
			at++;
			parts[ parts.length - 1 ] += two;
		} else if ( wikitext.charAt( at ) === '|' && depth < %[2]d %% 3 + 1 ) {
			parts.push( '' );
		} else {
			parts[ parts.length - 1 ] += wikitext.charAt( at );
		}
	}
	return parts.map( function ( part ) {
		var match = /^\s*([^=<>\[\]{}|]+?)\s*=([\s\S]*)$/.exec( part );
		return match ? { name: match[ 1 ], value: match[ 2 ].trim() } : { name: null, value: part.trim() };
	} );
}
`}

// wrong are pieces that deal with pictures in a way that breaks; the first holds
// a fault that ESLint's one rule finds as well.
var wrong = []string{`
function badge%[1]s( img ) {
	var type = img.src.split( '.' ).pop();
	return $( '<span>' ).addClass( 'badge-%[2]d' ).text( type );
}
`, `
var icon%[1]s = '//upload.wikimedia.org/wikipedia/commons/thumb/4/44/Symbol_star.svg/40px-Symbol_star.svg.png?%[2]d';
`}

// media are pieces that deal with pictures and do nothing wrong.
var media = []string{`
function caption%[1]s( img ) {
	var parsed = mw.util.parseImageUrl( img.src );
	if ( !parsed || !parsed.name ) {
		return '';
	}
	return parsed.name.replace( /_/g, ' ' ).slice( 0, %[2]d );
}
`, `
function pictures%[1]s( titles ) {
	return new mw.Api().get( { action: 'query', prop: 'imageinfo', iiprop: 'url|mime|size', iiurlwidth: 330, titles: titles, formatversion: 2 } ).then( function ( data ) {
		return data.query.pages.map( function ( page ) {
			var info = page.imageinfo[ 0 ];
			return $( '<img>' ).attr( { src: info.thumburl, width: %[2]d, alt: page.title } );
		} );
	} );
}
`}

// write makes the folder, the same one each time.
func (g *gadgets) write(dir string) error {
	g.dir = dir
	random := rand.New(rand.NewPCG(1, uint64(g.Files)))
	weights, sum := make([]float64, g.Files), 0.0
	for n := range weights {
		weights[n] = math.Exp(spread * random.NormFloat64())
		sum += weights[n]
	}
	usual := series(weights).median()
	for n, weight := range weights {
		deals := random.Float64() < g.Media*math.Pow(weight/usual, 0.6)*0.63 // whose mean is g.Media
		text := g.script(random, n, int(weight/sum*float64(g.Bytes)), deals || g.Media == 1)
		g.bytes += len(text)
		name := filepath.Join(dir, fmt.Sprintf("%02d", n%40), fmt.Sprintf("Gadget-%04d.js", n))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// script is one of about the given size. In one that deals with media, every
// eighth piece does, and of those some are wrong.
func (g *gadgets) script(random *rand.Rand, n, size int, deals bool) string {
	var out strings.Builder
	for piece := 0; out.Len() < size || piece == 0; piece++ {
		from, breaks := plain, false
		if deals && piece%8 == 0 {
			from = media
			if breaks = random.IntN(30) == 0; breaks {
				from = wrong
			}
		}
		chosen := random.IntN(len(from))
		if breaks && chosen == 0 {
			g.faults++
		}
		fmt.Fprintf(&out, from[chosen], fmt.Sprintf("N%dP%d", n, piece), random.IntN(900)+1)
	}
	return out.String()
}
