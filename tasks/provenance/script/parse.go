package script

import (
	"fmt"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/parser"
)

// parse reads a script, or a module where it is none.
func parse(source string) (*ast.Program, error) {
	program, err := parseAs(source)
	if err == nil {
		return program, nil
	}
	if module, err := parseAs(source, parser.IsModule); err == nil {
		return module, nil
	}
	return nil, err
}

// parseAs is the parser, with its panics turned into errors.
func parseAs(source string, options ...parser.Option) (program *ast.Program, err error) {
	defer func() {
		if p := recover(); p != nil {
			program, err = nil, fmt.Errorf("parsing the script: %v", p)
		}
	}()
	options = append(options, parser.WithDisableSourceMaps)
	return parser.ParseFile(nil, "", source, parser.IgnoreRegExpErrors, options...)
}
