import { open, close } from './dialog.mjs';

const seen = new Map();

export class Lightbox {
	#current = null;

	async show( title ) {
		const answer = await new mw.Api().get( { action: 'query', prop: 'imageinfo', iiprop: 'url', iiurlwidth: 960, titles: title, formatversion: 2 } );
		const [ info ] = answer.query.pages[ 0 ].imageinfo;
		const img = document.createElement( 'img' );
		img.src = info.thumburl;
		img.srcset = `${ info.thumburl } 1x, ${ info.responsiveUrls[ '2' ] } 2x`;
		if ( this.#current?.src === info.url ) {
			return;
		}
		seen.set( title, Date.now() );
		this.#current = img;
		open( img, close );
	}

	enlarge( img ) {
		const parsed = mw.util.parseImageUrl( img.src );
		return parsed.resizeUrl( 1280 );
	}
}
