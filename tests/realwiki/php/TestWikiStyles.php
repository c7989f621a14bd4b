<?php

use MediaWiki\Content\CssContent;
use MediaWiki\Content\CssContentHandler;

// Style sheets under the content model of TemplateStyles.
class TestWikiStyles extends CssContentHandler {
	public function __construct( $modelId = 'sanitized-css' ) {
		parent::__construct( $modelId );
	}

	protected function getContentClass() {
		return TestWikiStyleSheet::class;
	}
}

class TestWikiStyleSheet extends CssContent {
	public function __construct( $text, $modelId = 'sanitized-css' ) {
		parent::__construct( $text, $modelId );
	}
}
