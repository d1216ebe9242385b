// Compiles src/ to dist/ and bundles the workflows, unless dist/ was made from exactly these sources.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceDir = join(root, 'src');
const outDir = join(root, 'dist');
const stamp = join(outDir, '.sources');

/** Relative paths of all sources, sorted. */
async function sourceFiles() {
  const entries = await readdir(sourceDir, { recursive: true });
  return entries.filter((entry) => entry.endsWith('.ts')).sort();
}

async function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files.map((file) => join(sourceDir, file)), join(root, 'package-lock.json'), fileURLToPath(import.meta.url)]) {
    hash.update(file).update('\0').update(await readFile(file)).update('\0');
  }
  return hash.digest('hex');
}

async function compile(file) {
  const { transformFile } = await import('@swc/core');
  const { code, map } = await transformFile(join(sourceDir, file), {
    swcrc: false,
    sourceMaps: true,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  const out = join(outDir, file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${code}\n//# sourceMappingURL=${out.split('/').at(-1)}.map\n`);
  await writeFile(`${out}.map`, map);
}

async function bundleWorkflows() {
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const quiet = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} };
  const { code } = await bundleWorkflowCode({ workflowsPath: join(outDir, 'workflows', 'index.js'), logger: quiet });
  await writeFile(join(outDir, 'workflow-bundle.js'), code);
}

/** Builds when needed; answers whether it did. */
export async function build() {
  const files = await sourceFiles();
  const digest = await digestOf(files);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === digest) return false;
  await rm(outDir, { recursive: true, force: true });
  await Promise.all(files.map(compile));
  await bundleWorkflows();
  await writeFile(stamp, digest);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const startedAt = performance.now();
  const built = await build();
  console.log(built ? `Built dist/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.` : 'dist/ is up to date.');
}
