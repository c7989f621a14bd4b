package wiki

import "strings"

// verdict is what the bot makes of one error code.
type verdict struct {
	advice Advice
	next   string // what to do, for a person
}

// The sentences that several codes share.
const (
	nextLogin     = "the login is lost for good: check user, password or token, and that the grants were not withdrawn"
	nextProtected = "leave this page, it is protected; use another channel"
	nextBlocked   = "stop: the account is blocked; the block's reason says why"
	nextRight     = "the account or its grants lack a right: run doctor"
	nextBug       = "leave it and report it: the bot asked for something the wiki cannot do"
	nextWait      = "wait, it passes by itself"
	nextReread    = "read the page again and plan the edit anew"
	nextFilter    = "leave this page and tell the operator: a filter of this wiki refused the edit"
	nextMail      = "use another channel, this user takes no e-mail from here"
)

// verdicts are the codes of the Action API that a bot meets, after
// API:Errors_and_warnings, API:Edit, and the sources of AbuseFilter,
// SpamBlacklist, TitleBlacklist, Echo and OAuth.
var verdicts = map[string]verdict{
	"maxlag":                      {Retry, nextWait},
	"readonly":                    {Retry, nextWait},
	"ratelimited":                 {Retry, "wait out the rate limit, or lower editsPerMinute"},
	"cirrussearch-too-busy-error": {Retry, nextWait},
	"lockmanager-fail-conflict":   {Retry, nextWait},
	"badtoken":                    {Retry, "a fresh token was refused too: check that cookies reach the wiki, try later"},
	"failed-save":                 {Retry, nextWait},

	"assertuserfailed":      {Stop, nextLogin},
	"assertbotfailed":       {Stop, "the account has lost the bot right: give it back, or restart the bot to go on without"},
	"assertnameduserfailed": {Stop, nextLogin},
	"notloggedin":           {Stop, nextLogin},
	"login-required":        {Stop, nextLogin},
	"readapidenied":         {Stop, "this wiki is read only by accounts: give the bot one that may read it"},
	"writeapidenied":        {Stop, nextRight},
	"noapiwrite":            {Stop, "the wiki has switched its write API off"},
	"blocked":               {Stop, nextBlocked},
	"autoblocked":           {Stop, nextBlocked},
	"systemblocked":         {Stop, nextBlocked},
	"sessionlost":           {Stop, "check that no proxy between the bot and the wiki strips cookies, and that the API address is the wiki's canonical one"},
	"captcha":               {Skip, "the wiki asks for a captcha: give the account the right skipcaptcha (it is in the bot group and the basic grant)"},

	"editconflict":  {Replan, nextReread},
	"articleexists": {Replan, nextReread},
	"missingtitle":  {Replan, nextReread},
	"pagedeleted":   {Replan, nextReread},
	"nosuchrevid":   {Replan, nextReread},
	"cantdelete":    {Replan, "look whether somebody else has deleted it"},
	"cannotdelete":  {Replan, "look whether somebody else has deleted it"},
	"delete-toobig": {Skip, "leave it: a page with so many revisions is deleted by somebody with the right bigdelete"},

	"protectedpage":                 {Skip, nextProtected},
	"protectedtitle":                {Skip, nextProtected},
	"cascadeprotected":              {Skip, nextProtected},
	"protectednamespace":            {Skip, nextProtected},
	"protectednamespace-interface":  {Skip, nextProtected},
	"customjsonprotected":           {Skip, "this JSON page belongs to another user or needs the grant editmyoptions (right editmyuserjson)"},
	"mycustomjsonprotected":         {Skip, "give the bot password the grant editmyoptions, it holds the right editmyuserjson"},
	"customcssjsprotected":          {Skip, nextProtected},
	"cantcreate":                    {Skip, nextRight},
	"cantcreate-anon":               {Skip, nextRight},
	"permissiondenied":              {Skip, nextRight},
	"titleblacklist-forbidden":      {Skip, nextProtected},
	"titleblacklist-forbidden-edit": {Skip, nextProtected},

	"abusefilter-warning":    {Skip, nextFilter},
	"abusefilter-disallowed": {Skip, nextFilter},
	"abusefilter-throttled":  {Skip, nextFilter},
	"spamblacklist":          {Skip, "send it again with the links in its matches made plain text"},
	"hookaborted":            {Skip, nextFilter},
	"badtags":                {Skip, "drop the tag, or create and activate it at Special:Tags and grant applychangetags"},

	"badmd5": {Skip, nextBug}, "invalidtitle": {Skip, nextBug}, "nosuchsection": {Skip, nextBug},
	"missingcommenttext": {Skip, nextBug}, "missingparam": {Skip, nextBug}, "badvalue": {Skip, nextBug},
	"badformat": {Skip, nextBug}, "parseerror": {Skip, nextBug}, "maxbytes": {Skip, nextBug},
	"cantchangecontentmodel": {Skip, nextBug}, "toomanyvalues": {Skip, nextBug}, "badtitle": {Skip, nextBug},
	"contenttoobig":     {Skip, "leave it: the page would be larger than this wiki allows"},
	"no-direct-editing": {Skip, "leave this page: it is a Structured Discussions board, use another channel"},
	"moduledisabled":    {Skip, "the wiki has this module switched off, use another channel"},
	"unknown_action":    {Skip, "the wiki does not know this module, use another channel"},
	"nosuchuser":        {Skip, "leave it: there is no such user"},
	"baduser":           {Skip, "leave it: there is no such user"},

	"usermaildisabled": {Skip, nextMail}, "noemail": {Skip, nextMail}, "nowikiemail": {Skip, nextMail},
	"nosuchmailuser": {Skip, nextMail}, "cantsend": {Skip, nextMail}, "blockedfrommail": {Skip, nextMail},
	"notarget": {Skip, nextMail}, "mailnologin": {Skip, nextMail},
}

// judge looks a code up. A code nobody listed is about this one page.
func judge(code string) verdict {
	if v, ok := verdicts[code]; ok {
		return v
	}
	switch {
	case strings.HasPrefix(code, "login-"):
		return verdict{Stop, "check USER and PASSWORD: a bot password is made at Special:BotPasswords, and USER is Account@name-of-it"}
	case strings.HasPrefix(code, "internal_api_error"):
		return verdict{Retry, nextWait}
	case strings.HasPrefix(code, "mwoauth-"):
		return verdict{Stop, "the bearer token was refused: check it, and that the consumer is still approved for this wiki"}
	case strings.Contains(code, "globalblocking"), strings.HasPrefix(code, "wikimedia-globalblocking"):
		return verdict{Stop, nextBlocked}
	case strings.HasPrefix(code, "protected"), strings.HasSuffix(code, "protected"):
		return verdict{Skip, nextProtected}
	}
	return verdict{Skip, "leave this page and tell the operator"}
}

// remedy words what to do about an error, its data considered.
func remedy(e *Error) string {
	if (e.Code == "blocked" || e.Code == "autoblocked") && e.Advice == Skip {
		return "leave this page, the account is blocked from it but not from the wiki"
	}
	return judge(e.Code).next
}

// partialBlock says whether a block is one of some pages only.
func partialBlock(e *Error) bool {
	if e.Data == nil {
		return false
	}
	partial, err := e.Data.GetBoolean("blockinfo", "blockpartial")
	return err == nil && partial
}
