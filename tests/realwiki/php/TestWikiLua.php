<?php

use MediaWiki\Extension\Scribunto\Engines\LuaStandalone\LuaStandaloneEngine;
use MediaWiki\Status\Status;

// Scribunto's engine, which takes modules without trying them: that needs a Lua.
class TestWikiLua extends LuaStandaloneEngine {
	public function validate( $text, $chunkName = false ) {
		return Status::newGood();
	}
}
