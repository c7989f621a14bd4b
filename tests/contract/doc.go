// Package contract holds the claims about MediaWiki that the bot stands on, and
// asks them of two implementations: the sandbox, always, and a real MediaWiki
// 1.43 where FILEWARDEN_REAL=1 allows one to be started.
//
// A claim is a file in testdata: requests, each with the answer that both must
// give once what cannot be equal (ids, times, addresses, tokens) is replaced
// by names. The answers were recorded from the real one; FILEWARDEN_RECORD=1
// beside FILEWARDEN_REAL=1 records them again.
package contract
