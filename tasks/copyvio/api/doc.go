// Package api is the review API of the copyright watch: cases are read and
// decided by programs, in the shape of MediaWiki's Action API, so that any
// client for MediaWiki can use it. The modules are those of the Fortuna
// proposal (query+reverseimagesearch, query+unreviewedimagematches,
// query+unreviewedmatchcount, reviewimagematches).
//
// It is served at /copyvio/api.php, and at /copyvio/w/api.php for clients that
// put /w/ in by themselves. Nothing else is there.
//
// # Modules
//
//	module                        parameters
//	query
//	  list=reverseimagesearch     ristitle or rissha1; rislimit (10, max 500), riscontinue
//	  list=unreviewedimagematches uimuploader, uimminedits, uimmaxedits, uimgroup*, uimexcludegroup*,
//	                              uimshow* (own, !own, patrolled, !patrolled, aside),
//	                              uimsort (opened, uploaded, best), uimdir (older, newer),
//	                              uimlimit (10, max 50), uimcontinue
//	  meta=unreviewedmatchcount
//	  meta=tokens                 type* (csrf)
//	  meta=userinfo               uiprop* (groups, rights, editcount, registrationdate, blockinfo, ratelimits)
//	  meta=siteinfo               siprop* (general, namespaces, namespacealiases)
//	reviewimagematches            sha1, state (accepted, rejected, open), note, token   POST
//	paraminfo, help               modules*
//
// and for each the usual ones of action=main: format=json (the only format, and
// the default), formatversion 1 and 2, errorformat (bc, plaintext, wikitext,
// html, none), assert, assertuser, requestid, curtimestamp, origin. Those
// without a meaning here, like maxlag and uselang, are taken and do nothing.
//
// # Answers (formatversion=2)
//
//	query.reverseimagesearch[]      url, domain, page, pagetitle, percent, kind (full, partial, page),
//	                                provider, stock, crawled, excused (named, licensed); best first
//	query.reverseimagesearchinfo    a case (below) with evidence[] (kind, file, bits, timestamp),
//	                                or nocase, or missing; stage of the search
//	query.unreviewedimagematches[]  a case with editcount, groups[], registration, patrolled, and
//	                                matches[]: the first ten, as above
//	query.unreviewedmatchcount      all; own when logged in; aside for reviewers
//	a case                          sha1, title, uploader, state, statecode, unsafe, nonfree, matchcount,
//	                                uploaded, opened, safety {adult, spoof, medical, violence, racy: 0…5},
//	                                gone; when decided: decidedby, decided, note
//	reviewimagematches              result "Success", sha1, title, state, statecode, oldstate, decidedby,
//	                                decided; nochange: it was so before; repeated: this very request was made before
//
// unsafe says that the picture is not for everybody. state and statecode are
// those of package casebook: open 0, accepted 1, rejected −1, aside −2. Addresses
// of matches are text; whoever shows them decides whether to link them.
//
// # Who sees what
//
// Everybody sees what stands on the pages of cases on the wiki. A withheld case
// (−3) and one that could not be shown (−4) are told to nobody, not even that
// they exist. A case that is aside (−2) is listed for its uploader (uimshow=own),
// for who asks for that uploader's (uimuploader), and for reviewers who ask for it
// (uimshow=aside); asked for by its own title or SHA-1 it is there, marked unsafe.
// Of evidence the deletion reasons and the text of metadata are left out.
//
// # Who decides
//
// The caller sends an OAuth 2 access token in the header Authorization: Bearer.
// It must have been issued to the consumer of this bot (claim aud), and the wiki
// must vouch for it, each minute anew ([wiki.Session.Caller]); the signature is
// checked there and nowhere else. A token that does not say it is for this bot
// is not even shown to the wiki. A call with a token that does not hold is
// refused as a whole, reads too. What a decision is worth stands in
// [casebook.Case.Weigh]. The token is kept as a hash, for that minute.
//
// A write needs a csrf token too, fetched with the same access token. It lives
// four hours and ends with the process; clients fetch another at badtoken.
//
// # Errors
//
// Errors come with HTTP status 200, the header MediaWiki-API-Error, and where
// waiting helps Retry-After:
//
//	mwoauth-invalid-authorization     no access token of this bot's consumer, or the wiki refuses it
//	internal_api_error_WikiUnreachable, for writes readonly: the wiki could not be asked whose it is
//	notloggedin, assert…failed, mustbeposted, mustpostparams, missingparam, badvalue, badinteger,
//	  invalidsha1hash, invalidtitle, invalidparammix, toomanyvalues, toolong, badcontinue, badtoken
//	ratelimited                       by address, by caller, by decisions
//	readonly                          the bot was stopped: data readonlyreason
//	permissiondenied, blocked         this caller's decisions never count; nothing is kept
//	reviewimagematches-nocase         no case that may be shown
//	reviewimagematches-own-upload, -not-yours
//	                                  this one does not count; it is kept once, and stands with the case
//	internal_api_error_Memory         the log says why
//
// A request that is too long is answered 413, one that cannot be read 400, a
// method that is not GET, HEAD, POST or OPTIONS 405.
//
// # Sending again
//
// A decision whose answer was lost may be sent again. The same caller's same
// decision on the same image is the same one for a minute, or for a day where
// both have the same requestid, unless the caller decided otherwise in between;
// it is answered with repeated, the state that the case now has, and changes
// nothing, so it never overrules what somebody else decided meanwhile.
package api
