// Reads the graph model that the npm package nsfwjs carries as base64 inside minified scripts.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const nsfwjsDir = join(dirname(require.resolve('nsfwjs')), '..', '..');

/** Nodes of the graph by name, its signature and its weights as stored: `{shape, values: Uint8Array, scale, min}`, weight = value × scale + min. */
export async function readNsfwjsModel(folder) {
  const dir = join(nsfwjsDir, 'dist', 'models', folder);
  const { modelTopology, weightsManifest, userDefinedMetadata } = require(join(dir, 'model.min.js'));
  const bytes = Buffer.concat(
    weightsManifest.flatMap(({ paths }) => paths.map((path) => Buffer.from(shard(dir, path), 'base64'))),
  );
  const weights = new Map();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of weightsManifest.flatMap((group) => group.weights)) {
    if (dtype !== 'float32' || quantization?.dtype !== 'uint8')
      throw new Error(`Expected ${name} as float32 quantised to uint8, received ${dtype} of ${quantization?.dtype}.`);
    const size = shape.reduce((product, length) => product * length, 1);
    weights.set(name, {
      shape,
      values: bytes.subarray(offset, offset + size),
      scale: quantization.scale,
      min: quantization.min,
    });
    offset += size;
  }
  if (offset !== bytes.length) throw new Error(`Expected ${offset} bytes of weights, received ${bytes.length}.`);
  return { nodes: modelTopology.node, weights, signature: userDefinedMetadata.signature };
}

/** Version and licence text of the installed package. */
export async function nsfwjsPackage() {
  const { version } = JSON.parse(await readFile(join(nsfwjsDir, 'package.json'), 'utf8'));
  return { version, licence: await readFile(join(nsfwjsDir, 'LICENSE'), 'utf8') };
}

function shard(dir, path) {
  const content = require(join(dir, `${path}.min.js`));
  return typeof content === 'string' ? content : content.default;
}
