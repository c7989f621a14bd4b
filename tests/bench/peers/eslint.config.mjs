// ESLint with one rule: what a maintainer would write to find one of the
// faults, the file type read from the end of an address (PV001).
export default [
	{
		files: ['**/*.js'],
		languageOptions: { ecmaVersion: 2022, sourceType: 'script' },
		linterOptions: { reportUnusedDisableDirectives: 'off' },
		rules: {
			'no-restricted-syntax': ['warn', {
				selector: "CallExpression[callee.property.name='pop'] > MemberExpression > CallExpression[callee.property.name='split'][arguments.0.value='.']",
				message: 'The URL ends in provenance parameters.',
			}],
		},
	},
];
