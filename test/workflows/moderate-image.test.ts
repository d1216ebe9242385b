import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { DetectorFamily } from '../../src/detectors/detector.js';
import { createDetectors, detectorInfos, type DetectorSet } from '../../src/detectors/registry.js';
import { readOwnDetectors } from '../../src/own-models.js';
import type { Policy } from '../../src/schema/policy.js';
import type { ModerationOptions } from '../../src/schema/options.js';
import type { TaskRequest } from '../../src/schema/task.js';
import { cancelTask, startTask } from '../../src/temporal/tasks.js';
import { build } from '../support/build.js';
import { openInstallation, requestFor, samplePath, until, type TestInstallation } from '../support/installation.js';
import { runFfmpeg } from '../support/make-video.js';
import { POLICY } from '../support/verdicts.js';
import { meansNetwork, onnxSection, writeOwnModel } from '../support/own-models.js';

let installation: TestInstallation;
let dir: string;
let set: DetectorSet;
let own: DetectorFamily[];
/** A picture of the parrot. */
let parrot: string;

beforeAll(async () => {
  await build();
  dir = mkdtempSync(join(tmpdir(), 'images-'));
  const network = meansNetwork('NCHW');
  const onnx = onnxSection(network);
  writeOwnModel(join(dir, 'models'), 'colours', { onnx }, network);
  const parts = {
    scenes: { porn: { atMost: 'block', review: 0.5, block: 0.5, alone: true } },
    classes: { red: { scene: 'porn', label: 'sexy' } },
  };
  writeOwnModel(join(dir, 'models'), 'redness', { onnx, ...parts }, network);
  own = await readOwnDetectors(join(dir, 'models'), {});
  set = await createDetectors({ threads: 1, own });
  installation = await openInstallation((deps) => ({ ...deps, detectors: set.detectors }));
  await installation.startWorkers();
  parrot = join(dir, 'parrot.png');
  runFfmpeg('-i', samplePath('cockatoo.mp4'), '-vf', 'select=gte(t\\,8.9)', '-frames:v', '1', parrot);
});
afterAll(async () => {
  await installation.close();
  await set.close();
  rmSync(dir, { recursive: true });
});

async function moderated(
  path: string,
  detectors: readonly string[],
  options: Partial<ModerationOptions> = {},
  { wanted = 'waiting', policy = POLICY }: { wanted?: 'waiting' | 'verdict'; policy?: Policy } = {},
) {
  const scenes = ['porn', 'terrorism'] as const;
  const asked = await requestFor(installation, path, { options: { scenes: [...scenes] }, policy });
  const infos = await detectorInfos(scenes, [], undefined, own);
  const request: TaskRequest = {
    ...asked,
    taskId: asked.taskId.replace('VideoModeration', 'ImageModeration'),
    taskType: 'ImageModeration',
    options: { ...asked.options, maxFrames: 1, ...options },
    detectors: infos.filter(({ name }) => detectors.includes(name)),
  };
  await startTask(installation.tasks, request);
  const body = await until(installation, request.taskId, wanted);
  const evidence = await installation.records.evidence(request.taskId);
  await cancelTask(installation.tasks, request.taskId).catch(() => undefined);
  return { body, result: body.ModerationResult, evidence };
}

async function picture(name: string, [r, g, b]: [number, number, number]): Promise<string> {
  const path = join(dir, name);
  writeFileSync(
    path,
    await sharp({ create: { width: 60, height: 40, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer(),
  );
  return path;
}

test('an image is judged as it is displayed, and its evidence lies the same way', async () => {
  const { width, height } = await sharp(parrot).metadata();
  const turned = join(dir, 'turned.jpg');
  // Stored lying on its side, with the note that turns it back.
  writeFileSync(
    turned,
    await sharp(parrot).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
  );
  const { result, evidence } = await moderated(turned, ['nsfwjs', 'open-nsfw']);
  expect(result).toMatchObject({ Suggestion: 'review', Categories: ['porn'] });
  expect(evidence).toMatchObject([{ kind: 'frame', widthPx: width, heightPx: height }]);
});

test("an image's categories and labels are the finer ones, the most certain first", async () => {
  const { result } = await moderated(await picture('purple.png', [160, 0, 240]), ['colours']);
  expect(result).toMatchObject({ Suggestion: 'review', Categories: ['explosion'] });
  expect(result?.Frames.BlockFrames).toEqual([{ Rate: 94.12, Offset: 0, Label: 'explosion' }]);
  expect(result?.Details.Findings.map(({ Class }) => Class).sort()).toEqual(['explosion', 'weapon']);
});

test('what is suggestive asks for a person, by the label that IMM has for images, and never blocks', async () => {
  const { result } = await moderated(await picture('red.png', [255, 0, 0]), ['redness']);
  expect(result).toMatchObject({ Suggestion: 'review', Categories: ['sexy'] });
  expect(result?.Frames.BlockFrames).toEqual([{ Rate: 100, Offset: 0, Label: 'sexy' }]);
});

test('the frames of an animation that cause the suggestion are told by their number, each with its label', async () => {
  const colours = ['#00ff00', '#ff0000', '#00ff00', '#0000ff', '#00ff00'];
  const frames = await Promise.all(
    colours.map((background) =>
      sharp({ create: { width: 60, height: 40, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const path = join(dir, 'animation.gif');
  writeFileSync(
    path,
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  const { result, evidence } = await moderated(path, ['colours'], { maxFrames: 10 });
  expect(result?.Frames).toMatchObject({
    TotalCount: 5,
    BlockFrames: [
      { Offset: 1, Label: 'weapon' },
      { Offset: 3, Label: 'explosion' },
    ],
  });
  expect([...(result?.Categories ?? [])].sort()).toEqual(['explosion', 'weapon']);
  expect(result?.Details.Detectors).toMatchObject([{ Name: 'colours', Samples: 5 }]);
  expect(evidence.map(({ sample }) => sample)).toEqual([1, 3]);
  const thinned = await moderated(path, ['colours'], { maxFrames: 10, interval: 2 }, { wanted: 'verdict' });
  expect(thinned.result).toMatchObject({ Suggestion: 'pass', Frames: { TotalCount: 3, BlockFrames: [] } });
});

test('an animation is looked at no further once a block is certain, where the policy says so', async () => {
  const path = join(dir, 'animation.gif');
  const rules = { detectors: { colours: { review: 0.5, block: 0.5, alone: true } }, window: { k: 1, n: 1 } };
  const policy = { ...POLICY, earlyStop: true, scenes: { terrorism: { ...rules, atMost: 'block' as const } } };
  const given = { maxFrames: 10 };
  const capped = await moderated(path, ['colours'], given, { policy });
  // The manifest lets it ask for a person at most: nothing is certain.
  expect(capped.result).toMatchObject({ Suggestion: 'review', Frames: { TotalCount: 5 } });
  const parts = { scenes: { terrorism: { atMost: 'block', review: 0.5, block: 0.5, alone: true } } };
  const network = meansNetwork('NCHW');
  writeOwnModel(join(dir, 'blocking'), 'colours', { ...parts, onnx: onnxSection(network) }, network);
  own = await readOwnDetectors(join(dir, 'blocking'), {});
  const { result } = await moderated(path, ['colours'], given, { policy, wanted: 'verdict' });
  expect(result).toMatchObject({
    Suggestion: 'block',
    Categories: ['weapon'],
    Frames: { TotalCount: 2 },
    Details: { Coverage: { Inspected: 2, Planned: 5, Skipped: [{ Start: 2, End: 5 }] } },
  });
});

test('an image that promises too many pixels fails at once, with a sentence that says how many there may be', async () => {
  const path = join(dir, 'bomb.bmp');
  const head = Buffer.alloc(64);
  head.write('BM', 'latin1');
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(20_000, 18);
  head.writeInt32LE(20_000, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  writeFileSync(path, head);
  const { body } = await moderated(path, ['colours']);
  expect(body).toMatchObject({ Status: 'Failed', Code: 'ImageTooLarge' });
  expect(body.Message).toContain('250000000 pixels');
});
