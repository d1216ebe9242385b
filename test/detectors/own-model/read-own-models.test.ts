import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidOwnModelsError, readOwnModels } from '../../../src/detectors/own-model/read-own-models.js';
import { meansNetwork, onnxSection, writeOwnModel } from '../../support/own-models.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'own-models-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const network = meansNetwork('NCHW');
const URL_ONLY = { http: { url: 'https://models.example.org/classify' } };

async function problems(env: Record<string, string> = {}): Promise<string> {
  const failure = await readOwnModels(dir, env, ['nsfwjs']).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InvalidOwnModelsError);
  return (failure as InvalidOwnModelsError).problems.join('\n');
}

test('models are read by name, with what their manifests leave out', async () => {
  writeOwnModel(dir, 'weapons', { onnx: onnxSection(network) }, network);
  writeOwnModel(dir, 'fire', URL_ONLY);
  writeFileSync(join(dir, 'README.md'), 'Files are passed over.');
  const models = await readOwnModels(dir, {}, []);
  expect(models.map(({ name, path }) => [name, path])).toEqual([
    ['fire', null],
    ['weapons', join(dir, 'weapons', 'model.onnx')],
  ]);
  expect(models[1]?.manifest.onnx).toMatchObject({
    input: { channels: 'RGB', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
    resize: { filter: 'bilinear', fit: 'stretch' },
    output: { activation: 'none' },
  });
  expect(models[0]?.manifest.http).toMatchObject({ batch: 8, timeoutMs: 10_000, allow: [], circuit: { failures: 5 } });
});

test('a token comes from a variable or a file, and one that is not there is named', async () => {
  const { url } = URL_ONLY.http;
  writeOwnModel(dir, 'by-variable', { http: { url, token: { env: 'MODEL_TOKEN' } } });
  writeOwnModel(dir, 'by-file', { http: { url, token: { file: 'token' } } });
  expect(await problems()).toMatch(/by-file: http\.token: expected .*token.*\n.*MODEL_TOKEN to be set/);
  writeFileSync(join(dir, 'by-file', 'token'), 'of the file\n');
  const models = await readOwnModels(dir, { MODEL_TOKEN: 'of the variable' }, []);
  expect(models.map(({ token }) => token)).toEqual(['of the file', 'of the variable']);
});

test('a file that is not the one that the manifest names is refused', async () => {
  writeOwnModel(dir, 'weapons', { onnx: onnxSection(network) }, meansNetwork('NHWC'));
  expect(await problems()).toMatch(
    /weapons: onnx\.sha256: expected .*model\.onnx to have the digest \w{64}, received \w{64}/,
  );
});

const FAULTS: [string, Record<string, unknown>, RegExp][] = [
  ['neither a file nor an endpoint', {}, /expected either onnx or http/],
  ['both', { ...URL_ONLY, onnx: onnxSection(network) }, /expected either onnx or http/],
  ['a token in clear', { http: { ...URL_ONLY.http, token: 'secret' } }, /http\.token/],
  [
    'a label that is none of the scene',
    { ...URL_ONLY, classes: { gun: { scene: 'terrorism', label: 'gun' } } },
    /classes\.gun\.label: expected one of those of terrorism: known, term/,
  ],
  [
    'a class of a scene that is not served',
    { ...URL_ONLY, classes: { gun: { scene: 'ad', label: 'ad' } } },
    /classes\.gun\.scene: expected one of those under scenes/,
  ],
  [
    'a scene without a class',
    { ...URL_ONLY, scenes: { terrorism: { atMost: 'review', review: 0.5 }, ad: { atMost: 'review', review: 0.5 } } },
    /scenes\.ad: expected a class of this scene/,
  ],
  [
    'review above block',
    { ...URL_ONLY, scenes: { terrorism: { atMost: 'block', review: 0.9, block: 0.5 } } },
    /Expected review ≤ block/,
  ],
  [
    'a threshold below the floor',
    { ...URL_ONLY, scenes: { terrorism: { atMost: 'review', review: 0.05 } } },
    /scenes\.terrorism\.review/,
  ],
  [
    'a scene that may at most pass',
    { ...URL_ONLY, scenes: { terrorism: { atMost: 'pass', review: 0.5 } } },
    /scenes\.terrorism\.atMost/,
  ],
  [
    'a class that the network does not have',
    { onnx: onnxSection(network), classes: { gun: { scene: 'terrorism', label: 'weapon' } } },
    /classes\.gun: expected one of onnx\.output\.classes/,
  ],
  [
    'a picture smaller than the input',
    { onnx: { ...onnxSection(network), resize: { to: { widthPx: 2, heightPx: 2 } } } },
    /onnx\.resize\.to/,
  ],
  [
    'an address of another protocol',
    { http: { url: 'ftp://models.example.org' } },
    /http\.url: expected an address such as/,
  ],
  ['a key that does not exist', { ...URL_ONLY, threshold: 0.5 }, /threshold/],
  ['no licence', { ...URL_ONLY, licence: '' }, /licence/],
];
test.each(FAULTS)('a manifest with %s is refused, by its place', async (_, parts, expected) => {
  writeOwnModel(dir, 'weapons', parts, network);
  expect(await problems()).toMatch(expected);
});

test('all that is wrong with all of them is told at once', async () => {
  writeOwnModel(dir, 'nsfwjs', URL_ONLY);
  writeOwnModel(dir, 'Weapons', URL_ONLY);
  writeOwnModel(dir, 'empty', {});
  writeFileSync(join(dir, 'empty', 'manifest.yaml'), '{');
  expect((await problems()).split('\n')).toEqual([
    'Weapons: expected a name of 1-63 small letters, digits and -.',
    expect.stringContaining('empty: expected manifest.yaml to be readable'),
    'nsfwjs: expected a name that no detector of this program has.',
  ]);
});

test('a directory that is not there is refused', async () => {
  const failure = await readOwnModels(join(dir, 'none'), {}, []).catch((error: unknown) => error);
  expect(String(failure)).toContain('expected a directory of models');
});
