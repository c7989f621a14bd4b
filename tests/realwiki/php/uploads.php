<?php
// A wiki on which uploads are watched (realwiki.Uploads), as large ones are:
// drawings are shown as pictures, administrators hide revisions, and edits pass
// a list of spam and a filter. The list is this wiki's page alone; by default
// SpamBlacklist fetches Meta's.

$wgSVGNativeRendering = false;
$wgSVGConverter = 'rsvg';
$wgFileExtensions[] = 'tif';
$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgGroupPermissions['sysop']['deletelogentry'] = true;
$wgBlacklistSettings = [ 'spam' => [ 'files' => [] ] ];
