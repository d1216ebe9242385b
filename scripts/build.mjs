// Compiles src/ to dist/, bundles the workflows and the console's page, unless dist/ was made from exactly these sources.
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hold } from './hold.mjs';

const script = fileURLToPath(import.meta.url);
const root = dirname(dirname(script));
const outDir = join(root, 'dist');
const draftDir = join(root, '.cache', 'dist');
const packagesOf = (dir) => join(dir, 'packages');
const stampOf = (dir) => join(dir, '.sources.json');

// Every command looks at them first: with promises, and with what lists directories to their ground, that takes several times as long.

/** Everything that dist/ follows from: the sources, this script and the versions of the compilers. */
function inputs() {
  const [sources, page] = [listed('src', /\.ts$/), listed('console', /\.(tsx?|css|html|svg)$/)];
  return [...sources, ...page, 'package-lock.json', join('scripts', 'build.mjs')];
}

function listed(directory, wanted) {
  return readdirSync(join(root, directory), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return listed(path, wanted);
      return wanted.test(path) ? [path] : [];
    })
    .sort();
}

/** Size and time of every input: equal ones spare reading them. */
function marksOf(files) {
  return files
    .map((file) => {
      const { size, mtimeMs } = statSync(join(root, file));
      return `${file} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

async function digestOf(files) {
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))));
  const hash = createHash('sha256');
  files.forEach((file, i) => hash.update(file).update('\0').update(contents[i]).update('\0'));
  return hash.digest('hex');
}

const readStamp = () => readFile(stampOf(outDir), 'utf8').then(JSON.parse, () => null);

/** Whether dist/ was made from the sources as they are now. */
export async function isBuilt() {
  const stamp = await readStamp();
  if (stamp === null) return false;
  const files = inputs();
  const marks = marksOf(files);
  if (stamp.marks === marks) return true;
  if (stamp.digest !== (await digestOf(files))) return false;
  await writeFile(stampOf(outDir), JSON.stringify({ ...stamp, marks }));
  return true;
}

/** Packages of a hundred files and more that nearly every command and thread loads: as one file each they load in a fifth to a half of the time. */
const BUNDLED = ['kysely', 'zod'];
const IMPORTED = new RegExp(` from ['"](${BUNDLED.join('|')})['"];`, 'g');

/** Bundles them, which takes longer than all else, unless the last build did so with the same versions; answers which those are. */
async function bundlePackages(last) {
  const { packages: locked } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const versions = [...BUNDLED, 'vite'].map((name) => `${name} ${locked[`node_modules/${name}`].version}`).join(', ');
  if (last?.packages === versions) {
    await cp(packagesOf(outDir), packagesOf(draftDir), { recursive: true });
    return versions;
  }
  const { build: bundle } = await import('vite');
  await bundle({
    root,
    configFile: false,
    envFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: packagesOf(draftDir),
      target: 'es2022',
      minify: false,
      reportCompressedSize: false,
      lib: {
        entry: Object.fromEntries(BUNDLED.map((name) => [name, fileURLToPath(import.meta.resolve(name))])),
        formats: ['es'],
        fileName: (_, name) => `${name}.js`,
      },
      // Remarks about comments in others' packages.
      rollupOptions: { onLog: (level, log, handle) => log.code !== 'INVALID_ANNOTATION' && handle(level, log) },
    },
  });
  return versions;
}

async function compile(source) {
  const { transformFile } = await import('@swc/core');
  const { code, map } = await transformFile(join(root, source), {
    swcrc: false,
    sourceMaps: true,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  const out = join(draftDir, source.replace(/^src./, '').replace(/\.ts$/, '.js'));
  const packages = relative(dirname(out), packagesOf(draftDir)).split(sep).join('/');
  const path = packages.startsWith('.') ? packages : `./${packages}`;
  const linked = code.replaceAll(IMPORTED, (_, name) => ` from "${path}/${name}.js";`);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${linked}\n//# sourceMappingURL=${out.split('/').at(-1)}.map\n`);
  await writeFile(`${out}.map`, map);
}

async function bundleWorkflows() {
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const quiet = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: join(draftDir, 'workflows', 'index.js'), logger: quiet });
  await writeFile(join(draftDir, 'workflow-bundle.js'), code);
}

/** The page of the console: static files with the digest of their content in their names, and no source maps. */
async function bundleConsole() {
  const { build: bundle } = await import('vite');
  await bundle({
    root: join(root, 'console'),
    base: '/review/',
    configFile: false,
    envFile: false,
    logLevel: 'warn',
    publicDir: false,
    cacheDir: join(root, '.cache', 'vite'),
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: {
      outDir: join(draftDir, 'console'),
      emptyOutDir: true,
      target: 'es2022',
      // The console's policy allows nothing but files of its own: no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}

/** Builds anew. dist/ is replaced only by a whole one; the caller holds the `setup` lock. */
export async function build() {
  const files = inputs();
  // Before reading: a source that changes meanwhile makes the next command build again.
  const marks = marksOf(files);
  const digest = await digestOf(files);
  await rm(draftDir, { recursive: true, force: true });
  await Promise.all(files.filter((file) => /^src.*\.ts$/.test(file)).map(compile));
  const packages = await bundlePackages(await readStamp());
  await bundleWorkflows();
  await bundleConsole();
  await writeFile(stampOf(draftDir), JSON.stringify({ digest, marks, packages }));
  const old = join(root, '.cache', 'dist-old');
  await rm(old, { recursive: true, force: true });
  await rename(outDir, old).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(draftDir, outDir);
  await rm(old, { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const startedAt = performance.now();
  const release = await hold('setup');
  try {
    const current = await isBuilt();
    if (!current) await build();
    console.error(
      current ? 'dist/ is up to date.' : `Built dist/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`,
    );
  } finally {
    await release();
  }
}
