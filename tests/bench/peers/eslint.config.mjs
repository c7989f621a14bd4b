// ESLint with one rule: what a maintainer would write to find one of the
// faults, the file type read from the end of an address (PV001).
// A gadget may return outside of functions, as it does in a package of
// ResourceLoader's.
export default [
	{ files: ['**/*.mjs'], languageOptions: { sourceType: 'module' } },
	{ files: ['**/*.js'], languageOptions: { sourceType: 'commonjs' } },
	{
		files: ['**/*.js', '**/*.mjs'],
		languageOptions: { ecmaVersion: 'latest' },
		linterOptions: { reportUnusedDisableDirectives: 'off' },
		rules: {
			'no-restricted-syntax': ['warn', {
				selector: "CallExpression[callee.property.name='pop'] > MemberExpression > CallExpression[callee.property.name='split'][arguments.0.value='.']",
				message: 'The URL ends in provenance parameters.',
			}],
		},
	},
];
