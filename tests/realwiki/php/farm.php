<?php
// A family of wikis that lie in one data folder, the first of which holds the
// files of all (Manual:$wgForeignFileRepos, ForeignDBViaLBRepo).

$wgLocalDatabases = array_column( $testWiki['neighbours'], 'database' );
$wgConf->suffixes = [ 'wiki', 'wikivoyage' ];
$wgConf->wikis = $wgLocalDatabases;
foreach ( $testWiki['neighbours'] as $neighbour ) {
	$db = $neighbour['database'];
	$wgConf->settings['wgServer'][$db] = "http://127.0.0.1:{$neighbour['port']}";
	$wgConf->settings['wgCanonicalServer'][$db] = "http://127.0.0.1:{$neighbour['port']}";
	$wgConf->settings['wgArticlePath'][$db] = '/wiki/$1';
}

$shared = $testWiki['neighbours'][0];
if ( $shared['database'] !== $wgDBname ) {
	$server = "http://127.0.0.1:{$shared['port']}";
	$wgForeignFileRepos[] = [
		'class' => 'ForeignDBViaLBRepo', 'name' => 'shared', 'backend' => 'shared-backend',
		'directory' => $shared['images'], 'url' => "$server/images", 'hashLevels' => 2,
		'hasSharedCache' => false, 'wiki' => $shared['database'], 'fetchDescription' => true,
		'descBaseUrl' => "$server/wiki/File:", 'scriptDirUrl' => "$server/w",
	];
	$wgFileBackends[] = [
		'class' => 'FSFileBackend', 'name' => 'shared-backend',
		'domainId' => $shared['database'], 'lockManager' => 'nullLockManager',
		'containerPaths' => [
			'shared-public' => $shared['images'],
			'shared-thumb' => "{$shared['images']}/thumb",
			'shared-deleted' => "{$shared['images']}/deleted",
			'shared-temp' => "{$shared['images']}/temp",
			'shared-transcoded' => "{$shared['images']}/transcoded",
		],
	];
}
