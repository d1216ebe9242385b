// `npm run bench -- <name> [arguments]`: builds what is measured, compiles bench/ beside it and runs `main` of bench/<name>.ts.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';
import { build } from '../scripts/build.mjs';

// Inherited by everything that is started: ONNX Runtime would send usage data to its maker, see forbidTelemetry in src/config.ts.
process.env.ORT_DISABLE_TELEMETRY = '1';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', '.cache', 'bench');
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !existsSync(join(here, `${name}.ts`))) {
  const names = (await readdir(here)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
  console.error(`Expected the name of a benchmark (${names.sort().join(', ')}), received ${name ?? 'nothing'}.`);
  process.exitCode = 2;
} else {
  // Benchmarks name files of the repository from its root, wherever they are started.
  process.chdir(join(here, '..'));
  await build();
  await compile();
  const { main } = await import(pathToFileURL(join(out, `${name}.js`)).href);
  await main(args);
}

/** What is measured comes from dist/, one folder further up from here. */
async function compile() {
  await rm(out, { recursive: true, force: true });
  for (const file of await readdir(here, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const { code } = await transformFile(join(here, file), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    const target = join(out, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(
      target,
      code
        .replaceAll(/from '((?:\.\.\/)+)src\//g, "from '$1../dist/")
        .replaceAll(/from "((?:\.\.\/)+)src\//g, 'from "$1../dist/'),
    );
  }
}
