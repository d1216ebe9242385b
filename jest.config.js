import { availableParallelism } from 'node:os';

/** Packages, with what they stand on, that come as ES modules only or load such, which Jest has to be given as CommonJS. */
const esModules = [
  ...['log-update', 'ansi-escapes', 'ansi-regex', 'ansi-styles', 'cli-cursor', 'environment', 'get-east-asian-width'],
  ...['is-fullwidth-code-point', 'mimic-function', 'onetime', 'restore-cursor', 'slice-ansi', 'string-width'],
  ...['strip-ansi', 'wrap-ansi', 'env-paths', 'nanoid', '@fastify/cookie', 'cookie'],
  ...['openid-client', 'oauth4webapi', 'jose'],
];

// Inherited by every test process: ONNX Runtime would send usage data to its maker, and the AWS SDK writes what we know, see src/config.ts.
process.env.ORT_DISABLE_TELEMETRY = '1';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const common = {
  // In the process' own realm, where packages are loaded once for all files that a process tests.
  testEnvironment: '<rootDir>/scripts/one-realm-environment.cjs',
  runtime: '<rootDir>/scripts/one-realm-runtime.cjs',
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Sources name the files they are built to.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  extensionsToTreatAsEsm: [],
  globalSetup: '<rootDir>/test/support/postgres-setup.mjs',
  globalTeardown: '<rootDir>/test/support/postgres-teardown.mjs',
};

/** `unit`: pure rules, seconds. `parts`: real ffmpeg, models and stores. `temporal`: a real Temporal server and whole commands. */
export default {
  testTimeout: 240_000,
  // Tests wait for programs, leases and retries much of the time: it takes three at once to keep two cores busy.
  maxWorkers: Math.max(3, availableParallelism() >> 1),
  reporters: ['default', '<rootDir>/scripts/count-reporter.cjs'],
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{domain,schema,config,console,cli/render}/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'parts',
      testMatch: ['<rootDir>/test/{media,process,detectors,banks,sources,store,auth}/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'temporal',
      testPathIgnorePatterns: ['/test/cli/render/'],
      testMatch: [
        '<rootDir>/test/{workflows,activities,api,notify,owner,cli,replay,setup,crash,temporal,console-browser}/**/*.test.ts',
      ],
    },
  ],
};
