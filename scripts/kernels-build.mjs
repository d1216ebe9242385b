// Compiles kernels/*.ts, which are AssemblyScript, to the WebAssembly beside them.
// With --check nothing is written: it fails unless what is there is, byte for byte, what the compiler makes.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const OPTIONS = ['--optimizeLevel', '3', '--runtime', 'stub', '--importMemory', '--noAssert', '--enable', 'simd'];
const directory = join(dirname(fileURLToPath(import.meta.url)), '..', 'kernels');

for (const source of (await readdir(directory)).filter((name) => name.endsWith('.ts'))) {
  const target = source.replace(/\.ts$/, '.wasm');
  const made = await compile(source, target);
  if (!process.argv.includes('--check')) await writeFile(join(directory, target), made);
  else if (!made.equals(await readFile(join(directory, target))))
    throw new Error(
      `Expected kernels/${target} to be what ${source} compiles to. Make it anew: node scripts/kernels-build.mjs`,
    );
  console.log(`kernels/${target}: ${made.length} bytes`);
}

async function compile(source, target) {
  let made;
  const { error, stderr } = await asc.main([source, '--outFile', target, ...OPTIONS], {
    readFile: (name) => readFile(join(directory, name), 'utf8').catch(() => null),
    writeFile: (name, contents) => {
      if (name === target) made = Buffer.from(contents);
    },
  });
  if (error !== null || made === undefined) throw new Error(`Expected ${source} to compile: ${stderr.toString()}`);
  return made;
}
