import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from '../support/build.js';
import { commandPlace, resultsOf, type CommandPlace } from '../support/cli.js';
import { samplePath } from '../support/installation.js';
import { meansNetwork, onnxSection, writeOwnModel } from '../support/own-models.js';

let place: CommandPlace;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  const network = meansNetwork('NCHW');
  writeOwnModel(place.path('models'), 'redness', { onnx: onnxSection(network) }, network);
  writeOwnModel(place.path('broken'), 'redness', { onnx: onnxSection(network), licence: '' }, network);
});
afterAll(() => place.remove());

const VIDEO = [samplePath('realshort.mp4'), '--scenes', 'terrorism', '--sampling', 'keyframe', '--json'];

test('moderate asks the models in a directory that a flag names', async () => {
  const ended = await place.run(['moderate', ...VIDEO, '--models', 'models']);
  const [result] = resultsOf(ended);
  const details = result?.ModerationResult?.Details;
  expect(details?.Scenes.Inspected).toEqual(['terrorism']);
  expect(details?.Detectors).toContainEqual(
    expect.objectContaining({ Name: 'redness', Version: '1.0', Sees: 'Red and blue; nothing else.' }),
  );
  expect(details?.Detectors.find(({ Name }) => Name === 'redness')?.Samples).toBe(details?.Coverage.Inspected);
});

test.each([
  ['a flag', ['--models', 'broken'], {}],
  ['a variable', [], { FRAMEWARDEN_MODELS: 'broken' }],
])(
  'what is wrong with a manifest in a directory that %s names is told before anything starts',
  async (_, flags, env) => {
    const ended = await place.run(['moderate', ...VIDEO, ...flags], env);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('redness: licence:');
  },
);

test('config check looks at the models that a configuration names, and says what is wrong with them', async () => {
  const config = (models: string): string => {
    const path = place.path(`${models}.yaml`);
    const lines = ['version: 1', "accounts: [{ id: '42' }]", "projects: [{ name: demo, account: '42' }]"];
    writeFileSync(path, [...lines, 'sources: {}', `models: ${models}`].join('\n'));
    return path;
  };
  mkdirSync(place.path('none'), { recursive: true });
  const good = await place.run(['config', 'check', config('models')]);
  expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('1 models')]);
  const bad = await place.run(['config', 'check', config('broken')]);
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('models: redness: licence:')]);
  expect((await place.run(['config', 'check', config('none')])).code).toBe(0);
});
