<?php
// PHP's own server knows no rewrite rules: this is the one a wiki needs to have
// its pages beneath /wiki/. Everything else is a file or script of the folder.

$path = strtok( $_SERVER['REQUEST_URI'], '?' );
if ( !str_starts_with( $path, '/wiki/' ) && $path !== '/' ) {
	return false;
}
$_SERVER['SCRIPT_NAME'] = '/w/index.php';
$_SERVER['PHP_SELF'] = '/w/index.php';
$_SERVER['SCRIPT_FILENAME'] = __DIR__ . '/www/w/index.php';
unset( $_SERVER['PATH_INFO'] );
chdir( __DIR__ . '/www/w' );
require __DIR__ . '/www/w/index.php';
