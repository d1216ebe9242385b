import tseslint from 'typescript-eslint';

/** Clocks and chance have no place in code that must give the same answer on every replay. */
const impure = [
  { object: 'Date', property: 'now', message: 'Pass the time in: domain and workflow code is replayed.' },
  { object: 'Math', property: 'random', message: 'Pass the value in: domain and workflow code is replayed.' },
];

export default tseslint.config(
  { ignores: ['dist', '.cache', 'node_modules', 'coverage', 'kernels', 'models', 'samples'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 250 }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Numbers in messages are the rule here, not the accident that this guards against.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'console/**/*.ts', 'console/**/*.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use an `as const` object and its type.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Environment variables are read in src/config.ts only.' },
        { object: 'process', property: 'exit', message: 'Set process.exitCode and let what is open be closed.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test that finds nothing where something must be is meant to fail there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Jest's asymmetric matchers are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'no-restricted-properties': [
        'error',
        {
          property: 'waitForFunction',
          message: "The console's content security policy refuses it from the second look on: wait for a locator.",
        },
      ],
    },
  },
  { files: ['src/config.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['src/domain/**/*.ts', 'src/workflows/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...impure] },
  },
);
