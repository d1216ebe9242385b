// `npm run models:build`: makes models/nsfwjs-mobilenet-v2-mid from the npm package nsfwjs.
// With --check nothing is written: it fails unless the vendored model is, byte for byte, what this converter makes.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convert } from './convert.mjs';
import { nsfwjsPackage, readNsfwjsModel } from './tfjs-model.mjs';

const NAME = 'nsfwjs-mobilenet-v2-mid';
const target = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'models', NAME);

const { version, licence } = await nsfwjsPackage();
const model = convert(await readNsfwjsModel('mobilenet_v2_mid'), { name: NAME, size: 224, classes: 5 });
const sha256 = createHash('sha256').update(model).digest('hex');
const manifest = {
  name: NAME,
  version,
  file: 'model.onnx',
  sha256,
  input: 'input',
  output: 'output',
  classes: ['drawing', 'hentai', 'neutral', 'porn', 'sexy'],
  licence: 'MIT',
  source: `npm package nsfwjs ${version}, dist/models/mobilenet_v2_mid; weights as published there, 8 bits wide, written as floats`,
  madeBy: 'npm run models:build',
};

if (process.argv.includes('--check')) {
  const vendored = JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8'));
  const onDisk = createHash('sha256')
    .update(await readFile(join(target, 'model.onnx')))
    .digest('hex');
  if (vendored.sha256 !== sha256 || onDisk !== sha256)
    throw new Error(
      `Expected the vendored model to be what the converter makes (${sha256}); the manifest says ${vendored.sha256}, the file is ${onDisk}. Make it anew: npm run models:build`,
    );
  console.log(`models/${NAME}/model.onnx is what the converter makes: ${sha256}`);
} else {
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'model.onnx'), model);
  await writeFile(join(target, 'LICENSE'), licence);
  await writeFile(join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`Wrote models/${NAME}/model.onnx: ${model.length} bytes, sha256 ${sha256}`);
}
