import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  bundledModelsDir,
  MODEL_NAMES,
  ModelMissingError,
  readModelManifest,
} from '../../src/detectors/model-manifest.js';
import { createDetectors, detectorInfos, scenesWithoutDetector } from '../../src/detectors/registry.js';
import { SCENES } from '../../src/schema/scene.js';
import { ROOT } from '../support/build.js';

describe('the registry', () => {
  it('has two families for porn, of which one corroborates', async () => {
    const { detectors } = await createDetectors({ scenes: ['porn'] });
    expect(detectors.map(({ name, runIf }) => [name, runIf !== undefined])).toEqual(
      expect.arrayContaining([
        ['nsfwjs', false],
        ['open-nsfw', true],
      ]),
    );
  });

  it('says without loading a model what the detectors will say of themselves', async () => {
    const infos = await detectorInfos(['porn']);
    expect(infos.map(({ name, scene }) => [name, scene])).toEqual([
      ['nsfwjs', 'porn'],
      ['open-nsfw', 'porn'],
    ]);
    expect(new Set(infos.map(({ digest }) => digest)).size).toBe(2);
    for (const { digest, sees } of infos) {
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(sees).toMatch(/\w.*\.$/);
    }
  });

  it('names the scenes that nothing looks for', async () => {
    const infos = await detectorInfos(['porn']);
    expect(scenesWithoutDetector(SCENES, infos)).toEqual(['terrorism', 'ad', 'live', 'logo']);
    expect(scenesWithoutDetector(['porn'], infos)).toEqual([]);
  });

  it('has no detectors for a scene that nothing looks for', async () => {
    expect(await detectorInfos(['terrorism'])).toEqual([]);
  });

  it('says how to mend a missing model', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'models-'));
    const failure = await detectorInfos(['porn'], [], empty).catch((error: unknown) => error);
    await rm(empty, { recursive: true });
    expect(failure).toBeInstanceOf(ModelMissingError);
    expect(String(failure)).toContain('git checkout -- models');
  });
});

describe('the models that come along', () => {
  it.each(MODEL_NAMES)('%s is the file that its manifest names', async (model) => {
    const { path, sha256 } = await readModelManifest(model);
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(sha256);
  });

  it('nsfwjs is, byte for byte, what the converter makes of the npm package', async () => {
    const { sha256 } = await readModelManifest('nsfwjs-mobilenet-v2-mid');
    const script = join(ROOT, 'scripts', 'models-build', 'build.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--check']);
    expect(stdout).toContain(sha256);
  });

  it.each([
    ['nsfwjs-mobilenet-v2-mid', 'LICENSE', 'MIT License'],
    ['open-nsfw', 'LICENSE.weights-BSD-2-Clause.txt', 'Yahoo'],
    ['open-nsfw', 'LICENSE.conversion-MIT.txt', 'Permission is hereby granted'],
  ])('%s carries its licence in %s', async (model, file, words) => {
    expect(await readFile(join(bundledModelsDir(), model, file), 'utf8')).toContain(words);
  });
});
