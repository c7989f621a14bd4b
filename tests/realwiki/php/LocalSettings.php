<?php
// Settings of a wiki that lives for one test. What differs from wiki to wiki is
// in wiki.json beside this file, and what a test asks for on top in extra.php.

if ( !defined( 'MEDIAWIKI' ) ) {
	exit;
}

$testWiki = json_decode( file_get_contents( __DIR__ . '/wiki.json' ), true, 16, JSON_THROW_ON_ERROR );

$wgSitename = $testWiki['name'];
$wgLanguageCode = $testWiki['language'];
$wgServer = "http://127.0.0.1:{$testWiki['port']}";
$wgCanonicalServer = $wgServer;
$wgScriptPath = '/w';
$wgResourceBasePath = '/w';
$wgArticlePath = '/wiki/$1';
$wgSecretKey = str_repeat( 'filewarden', 7 );
$wgPhpCli = PHP_BINARY;
$wgDiff3 = '/usr/bin/diff3';
$wgPingback = false;
$wgShowExceptionDetails = true;
$wgDBerrorLog = __DIR__ . '/log/database.log';
$wgDebugLogGroups = [
	'exception' => __DIR__ . '/log/exception.log',
	'fatal' => __DIR__ . '/log/exception.log',
];

// One SQLite file each for pages, jobs and caches, so that they do not wait for
// each other. The caches are in the database and not in shared memory because
// maintenance scripts, which are processes of their own, must see them too.
function testWikiDatabase( string $data, string $name ): array {
	return [
		'type' => 'sqlite', 'dbname' => $name, 'tablePrefix' => '', 'dbDirectory' => $data,
		'variables' => [ 'synchronous' => 'OFF' ], 'trxMode' => 'IMMEDIATE', 'flags' => 0,
	];
}
$wgDBtype = 'sqlite';
$wgDBname = $testWiki['database'];
$wgSQLiteDataDir = $testWiki['data'];
$wgJobTypeConf['default'] = [
	'class' => 'JobQueueDB', 'claimTTL' => 3600,
	'server' => testWikiDatabase( $testWiki['data'], "{$wgDBname}_jobqueue" ),
];
$wgObjectCaches[CACHE_DB] = [
	'class' => 'SqlBagOStuff', 'loggroup' => 'SQLBagOStuff',
	'server' => testWikiDatabase( $testWiki['data'], "{$wgDBname}_cache" ),
];
$wgMainCacheType = CACHE_DB;
$wgMessageCacheType = CACHE_DB;
$wgParserCacheType = CACHE_DB;
$wgSessionCacheType = CACHE_DB;
$wgCacheDirectory = $testWiki['messages'] . '/' . md5( json_encode( $testWiki['extensions'] ) );
$wgLocalisationCacheConf['store'] = 'array';
$wgLocalisationCacheConf['storeDirectory'] = $wgCacheDirectory;
if ( !is_dir( $wgCacheDirectory ) ) {
	@mkdir( $wgCacheDirectory, 0755, true );
}

// Nothing happens by itself: jobs run when the test says so, and what an edit
// causes is finished before its answer goes out.
$wgJobRunRate = 0;
$wgForceDeferredUpdatesPreSend = true;
$wgRateLimits = [];
$wgPasswordAttemptThrottle = [];
$wgAccountCreationThrottle = [];
$wgPasswordPolicy['policies'] = [ 'default' => [ 'MinimalPasswordLength' => 1 ] ];
$wgPasswordConfig['pbkdf2']['cost'] = '1';

$wgEnableUploads = true;
$wgUploadPath = '/images';
$wgUploadDirectory = $testWiki['images'];
$wgFileExtensions = [ 'png', 'gif', 'jpg', 'jpeg', 'webp', 'svg' ];
$wgUseImageMagick = false;
$wgSVGNativeRendering = true;

$wgEnableEmail = $testWiki['email'];
$wgEnableUserEmail = $testWiki['email'];
$wgEmailAuthentication = true;
$wgPasswordSender = 'wiki@wiki.invalid';
$wgEmergencyContact = 'wiki@wiki.invalid';
$wgHooks['AlternateUserMailer'][] = static function ( $headers, $to, $from, $subject, $body ) {
	$mail = [
		'To' => array_map( static fn ( $one ) => $one->address, is_array( $to ) ? $to : [ $to ] ),
		'From' => $from->address, 'Subject' => $subject,
		'Text' => is_array( $body ) ? $body['text'] : $body,
	];
	$name = __DIR__ . '/mail/' . sprintf( '%020d-%s', hrtime( true ), bin2hex( random_bytes( 4 ) ) );
	file_put_contents( "$name.part", json_encode( $mail ) );
	rename( "$name.part", "$name.json" );
	return false;
};

wfLoadSkin( 'Vector' );
wfLoadExtensions( $testWiki['extensions'] );

// action=echocreateevent is off by default and no grant holds its right
// (extension.json of Echo): a wiki that wants it needs these three lines.
$wgEchoEnableApiEvents = true;
$wgGroupPermissions['bot']['echo-create'] = true;
$wgGrantPermissions['highvolume']['echo-create'] = true;
$wgEchoUseJobQueue = false;
$wgEchoMentionStatusNotifications = true;
// Thanks for a first edit would mix with what a test is about.
$wgDefaultUserOptions['echo-subscriptions-web-thank-you-edit'] = false;

if ( $testWiki['neighbours'] ) {
	require __DIR__ . '/farm.php';
}
require __DIR__ . '/extra.php';
