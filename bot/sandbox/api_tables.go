package sandbox

func mainTable() *module {
	return &module{name: "main", path: "main", params: parseParams(`
 action = help
 format = jsonfm
 formatversion
 maxlag int
 smaxage int
 maxage int
 assert {anon bot user}
 assertuser user
 requestid
 servedby flag
 curtimestamp flag
 responselanginfo flag
 origin
 uselang
 variant
 errorformat {plaintext wikitext html raw none bc} = bc
 errorlang
 errorsuselocal flag
 centralauthtoken
 utf8 flag
 ascii flag
 callback
`)}
}

func action(name, params string, run func(*call, args) error, options ...func(*module)) *module {
	m := &module{name: name, path: name, params: parseParams(params), run: run}
	for _, o := range options {
		o(m)
	}
	return m
}

func writes(m *module)                  { m.write, m.post, m.token = true, true, "csrf" }
func posted(m *module)                  { m.post, m.token = true, "csrf" }
func tokenOf(kind string) func(*module) { return func(m *module) { m.token = kind } }
func prefixed(p string) func(*module)   { return func(m *module) { m.prefix = p } }

// actionTable are the values of the parameter "action".
func actionTable() map[string]*module {
	list := []*module{
		action("query", queryParams, runQuery),
		action("login", "name\npassword\ntoken\ndomain", runLogin, prefixed("lg")),
		action("logout", "", runLogout, posted),
		action("edit", editParams, runEdit, writes),
	}
	list = append(append(list, pageActions()...), append(textActions(), echoActions()...)...)
	table := map[string]*module{}
	for _, m := range list {
		table[m.name] = m
	}
	return table
}

// queryTable are the submodules of action=query.
func queryTable() map[string]*queryModule {
	table := map[string]*queryModule{}
	for _, group := range [][]*queryModule{metaModules(), revisionModules(), pageModules(), linkModules(), fileModules(), listModules(), codeModules(), logModules(), echoModules()} {
		for _, m := range group {
			m.path = "query+" + m.name
			if m.cont == "" {
				m.cont = "continue"
			}
			if m.key == "" {
				m.key = m.name
			}
			table[m.name] = m
		}
	}
	return table
}

func sub(name, prefix, params string) module {
	return module{name: name, prefix: prefix, params: parseParams(params)}
}
