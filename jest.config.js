const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  // Sources name the files they are built to.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  extensionsToTreatAsEsm: [],
};

/** `unit`: pure rules, seconds. `parts`: real ffmpeg, models and stores. `temporal`: a real Temporal server and whole commands. */
export default {
  testTimeout: 120_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/{domain,schema,config}/**/*.test.ts'] },
    { ...common, displayName: 'parts', testMatch: ['<rootDir>/test/{media,process,detectors,sources,store}/**/*.test.ts'] },
    { ...common, displayName: 'temporal', testMatch: ['<rootDir>/test/{workflows,activities,owner,cli,replay,setup,crash}/**/*.test.ts'] },
  ],
};
