<?php
// A wiki with all sorts of code pages (realwiki.CodePages). Two things that
// Debian's package does not carry stand in for here: a Lua to run modules, which
// a test that only reads them does not miss, and TemplateStyles, of which there
// is its content model alone (Extension:TemplateStyles, "sanitized-css").

$wgAutoloadClasses['TestWikiLua'] = __DIR__ . '/TestWikiLua.php';
$wgScribuntoDefaultEngine = 'test';
$wgScribuntoEngineConf['test'] = [ 'class' => 'TestWikiLua', 'luaPath' => '/nonexistent', 'errorFile' => null,
	'memoryLimit' => 50 << 20, 'cpuLimit' => 7, 'allowEnvFuncs' => false, 'maxLangCacheSize' => 30 ];

$wgAutoloadClasses['TestWikiStyles'] = __DIR__ . '/TestWikiStyles.php';
$wgContentHandlers['sanitized-css'] = 'TestWikiStyles';
$wgExtensionCredits['parserhook'][] = [ 'path' => __FILE__, 'name' => 'TemplateStyles' ];
$wgHooks['ContentHandlerDefaultModelFor'][] = static function ( $title, &$model ) {
	if ( $title->getNamespace() === NS_TEMPLATE && str_ends_with( $title->getText(), '.css' ) ) {
		$model = 'sanitized-css';
		return false;
	}
	return true;
};
