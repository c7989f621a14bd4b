package realwiki

// CodePages gives the wiki every sort of page with code: gadgets, Lua modules
// (namespace 828, which a wiki without Lua saves and does not run), style sheets
// of templates by their content model; and the extensions whose elements foreign
// code may try to open or to end, <syntaxhighlight> and <ref>.
func CodePages() Option {
	return func(s *settings) {
		WithExtensions("Scribunto", "SyntaxHighlight_GeSHi", "Cite")(s)
		WithSettings("require __DIR__ . '/code.php';")(s)
	}
}
