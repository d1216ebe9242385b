/**
 * Which part may import which: docs/architecture.md shows the same as a picture. Imports point one way,
 * schema <- domain <- {media, detectors, sources, store, process} <- activities; only what composes the whole sees everything.
 */
const outside = (...parts) => `^src/(?!(${parts.join('|')})/)`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one thing, or a third one is missing between them.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'schema-is-the-bottom',
      comment: 'Shapes that cross a boundary are imported from everywhere: they may pull in nothing but zod.',
      severity: 'error',
      from: { path: '^src/schema/' },
      to: { path: ['^src/(?!schema/)', '^node_modules/(?!zod/)'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The same function decides in the workflow, in redecide and in a test: no files, no processes, no network, no Temporal.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: [outside('schema', 'domain'), '^node_modules/'] },
    },
    {
      name: 'domain-and-workflows-without-node',
      comment:
        "Workflow code runs in Temporal's sandbox and is replayed: what Node offers differs there or is missing.",
      severity: 'error',
      from: { path: '^src/(domain|workflows)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'parts-do-not-know-each-other',
      comment:
        'Media, detectors, sources, store and process are replaced one by one; what they share is in schema and domain.',
      severity: 'error',
      from: { path: '^src/(media|detectors|sources|store|process)/' },
      to: {
        path: outside('schema', 'domain', '$1'),
        // The last two are leaves: a digest of values, which needs Node and so cannot be in the domain, and a client of stores for objects.
        pathNot: ['^src/process/', '^src/banks/', '^src/media/image\\.ts$', '^src/(digest|s3-client)\\.ts$'],
      },
    },
    {
      name: 'banks-are-formats',
      comment: 'What lies in a bank is read by detectors and written by commands, wherever its bytes are kept.',
      severity: 'error',
      from: { path: '^src/banks/' },
      to: { path: outside('schema', 'domain', 'banks'), pathNot: ['^src/media/image\\.ts$'] },
    },
    {
      name: 'auth-knows-no-stores',
      comment:
        'Who may ask is decided without knowing where keys and nonces are kept, or how requests arrive: ports come in as types.',
      severity: 'error',
      from: { path: '^src/auth/' },
      to: { path: outside('schema', 'domain', 'auth'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'parts-without-temporal',
      comment:
        'Durable execution is the concern of activities and workflows: the parts must run, and be measured, without it.',
      severity: 'error',
      from: { path: '^src/(schema|domain|media|detectors|sources|store|process|auth)/' },
      to: { path: '^node_modules/@temporalio/' },
    },
    {
      name: 'process-is-a-tool',
      comment: 'Starting programs knows nothing of what they do.',
      severity: 'error',
      from: { path: '^src/process/' },
      to: { path: outside('process', 'domain') },
    },
    {
      name: 'activities-are-thin',
      comment:
        'Activities call ports. What they are given is decided in deps.ts; they start nothing and read no configuration.',
      severity: 'error',
      from: { path: '^src/activities/' },
      to: {
        path: ['^src/(workflows|temporal|owner|setup|cli)/', '^src/[^/]+\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflows-see-types-only',
      comment:
        'A value import would bundle the part (and zod: a megabyte) into the sandbox; only pure rules belong there.',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: {
        path: [
          '^src/(activities|media|detectors|sources|store|process|temporal|owner|setup|cli)/',
          '^src/[^/]+\\.ts$',
          '^node_modules/zod/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflow-packages',
      comment: "Temporal's bundler refuses the client and worker packages, at build time and less clearly.",
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^node_modules/(?!@temporalio/(workflow|common|activity)/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'composition-at-the-top',
      comment: 'deps, worker, server and cli put the whole together: nothing below may lean on them.',
      severity: 'error',
      from: { path: '^src/(?!(cli|owner)/)[^/]+/' },
      to: { path: '^src/(cli/|(deps|worker|server)\\.ts$)' },
    },
    {
      name: 'api-asks-ports',
      comment:
        'The HTTP face talks to workflows through the client and to stores through their ports: what does the work may be elsewhere.',
      severity: 'error',
      from: { path: '^src/api/' },
      to: {
        path: ['^src/(activities|media|detectors|process|owner|setup|cli)/', '^src/store/(sql|sqlite|postgres)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'owner-below-the-commands',
      comment: 'Owning a data directory means server and lock; the workers are brought by the command that owns.',
      severity: 'error',
      from: { path: '^src/(owner|setup|temporal)/' },
      to: { path: '^src/(cli|activities|detectors|store|sources)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'fluent-ffmpeg-in-one-file',
      comment: 'It is no longer maintained: replacing it must be a change to one file.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/media/ffmpeg\\.ts$' },
      to: { path: '^node_modules/(@types/)?fluent-ffmpeg/' },
    },
    {
      name: 'sharp-in-one-file',
      comment: 'Frames come from untrusted uploads: the limits on what is decoded are set in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/media/image\\.ts$' },
      to: { path: '^node_modules/sharp/' },
    },
    {
      name: 'console-shares-shapes',
      comment: 'The page runs in a browser: of the service it knows the shapes that both speak, and nothing else.',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: ['^src/(?!schema/)', '^node_modules/(?!preact/)'] },
    },
    {
      name: 'console-without-zod',
      comment: 'A value import of a schema would bring zod along, which is larger than the whole page.',
      severity: 'error',
      from: { path: '^console/' },
      to: {
        path: '^src/schema/',
        pathNot: '^src/schema/(scene|audit-kinds|console/undo-time)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'service-without-page',
      comment: 'The service hands out the built page and knows nothing of how it is made.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^console/' },
    },
    {
      name: 'no-test-code-in-production',
      comment: 'What production needs is not a test helper.',
      severity: 'error',
      from: { path: '^(src|console)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: '`npm ci --omit=dev` installs none of them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'resolvable',
      comment: 'What cannot be found now will not be found when it runs.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/.*dist/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is either an entry that this list should name, or dead.',
      severity: 'error',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
