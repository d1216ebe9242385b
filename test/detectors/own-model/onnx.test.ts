import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clipFrames } from '../../../bench/reference/frames.js';
import { createDetectors, detectorInfos, type DetectorSet } from '../../../src/detectors/registry.js';
import type { DetectorRun } from '../../../src/detectors/detector.js';
import { readOwnDetectors } from '../../../src/own-models.js';
import type { Frame } from '../../../src/schema/frame.js';
import type { Observation } from '../../../src/schema/observation.js';
import { build, ROOT } from '../../support/build.js';
import { meansNetwork, onnxSection, rgbFrame, writeOwnModel } from '../../support/own-models.js';
import { POLICY } from '../../support/verdicts.js';

let dir: string;
const opened: DetectorSet[] = [];
beforeAll(build);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'own-models-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((set) => set.close()));
  rmSync(dir, { recursive: true });
});

const RUN: DetectorRun = {
  sourceDigest: 'd',
  policy: POLICY,
  policyDigest: 'p',
  scenes: ['terrorism', 'porn', 'ad'],
  banks: [],
};
const { signal } = new AbortController();

async function look(name: string, frame: Frame, run = RUN): Promise<Observation[]> {
  const set = await createDetectors({ threads: 1, own: await readOwnDetectors(dir, {}) });
  opened.push(set);
  const detector = set.detectors.find((each) => each.name === name);
  return (await detector?.detect([frame], run, signal)) ?? [];
}

/** Scores by class. */
async function scores(frame: Frame): Promise<Record<string, number>> {
  return Object.fromEntries((await look('colours', frame)).map((seen) => [seen.class, seen.score]));
}

const plain = (...colour: [number, number, number]): Frame => rgbFrame([64, 48], () => colour);

const LAYOUTS = [['NCHW'], ['NHWC']] as const;
test.each(LAYOUTS)('a network of layout %s is given red, green and blue from 0 to 1', async (layout) => {
  const network = meansNetwork(layout);
  writeOwnModel(dir, 'colours', { onnx: onnxSection(network, layout) }, network);
  expect(await scores(plain(255, 0, 51))).toEqual({ weapon: 1, explosion: 0.2 });
});

test.each(LAYOUTS)(
  'a network of layout %s that wants blue first is given it, with means and scale in its order',
  async (layout) => {
    const network = meansNetwork(layout);
    const input = { channels: 'BGR', scale: 1, mean: [10, 0, 20], std: [100, 1000, 200] };
    // The first output is that of blue, which this manifest calls red.
    writeOwnModel(dir, 'colours', { onnx: onnxSection(network, layout, input) }, network);
    expect(await scores(plain(100, 0, 60))).toEqual({ weapon: 0.5, explosion: 0.4 });
  },
);

test('softmax makes shares of the values, sigmoid a share of each', async () => {
  const network = meansNetwork('NCHW', 2);
  for (const [activation, expected] of [
    ['softmax', { weapon: Math.exp(2) / (Math.exp(2) + 2), explosion: 1 / (Math.exp(2) + 2) }],
    ['sigmoid', { weapon: 1 / (1 + Math.exp(-2)), explosion: 0.5 }],
  ] as const) {
    const section = onnxSection(network);
    const output = { name: 'scores', classes: ['red', 'green', 'blue'], activation };
    writeOwnModel(dir, 'colours', { onnx: { ...section, output } }, network);
    const seen = await scores(plain(255, 0, 0));
    expect(seen['weapon']).toBeCloseTo(expected.weapon, 5);
    expect(seen['explosion']).toBeCloseTo(expected.explosion, 5);
  }
});

describe('a picture twice as wide as high, red on the outer quarters and blue within,', () => {
  const picture = rgbFrame([400, 200], (x) => (x < 100 || x >= 300 ? [255, 0, 0] : [0, 0, 255]));
  test.each([
    ['is seen whole when it is stretched', { fit: 'stretch' }, { weapon: 0.5, explosion: 0.5 }],
    ['is seen in its middle when it covers the input', { fit: 'cover' }, { weapon: 0, explosion: 1 }],
    ['has bars above and below when it is contained', { fit: 'contain' }, { weapon: 0.25, explosion: 0.25 }],
    ['has light bars when the manifest wants them', { fit: 'contain', pad: 255 }, { weapon: 0.75, explosion: 0.75 }],
    [
      'is seen in the middle of a larger size',
      { fit: 'stretch', to: { widthPx: 8, heightPx: 8 } },
      { weapon: 0, explosion: 1 },
    ],
  ])('%s', async (_, resize, expected) => {
    const network = meansNetwork('NCHW');
    const section = { ...onnxSection(network), resize: { filter: 'nearest', ...resize } };
    writeOwnModel(dir, 'colours', { onnx: section }, network);
    const seen = await scores(picture);
    expect(seen['weapon']).toBeCloseTo(expected.weapon, 2);
    expect(seen['explosion']).toBeCloseTo(expected.explosion, 2);
  });
});

test('classes that stand for the same are one observation, and scenes that nobody asked for are none', async () => {
  const network = meansNetwork('NCHW');
  const parts = {
    scenes: { terrorism: { atMost: 'block', review: 0.5 }, ad: { atMost: 'review', review: 0.5 } },
    classes: {
      red: { scene: 'terrorism', label: 'weapon' },
      green: { scene: 'terrorism', label: 'weapon' },
      blue: { scene: 'ad', label: 'ad' },
    },
    onnx: onnxSection(network),
  };
  writeOwnModel(dir, 'colours', parts, network);
  const picture = plain(51, 102, 255);
  const common = { detector: 'colours', sample: 0 };
  const weapon = { ...common, class: 'weapon', score: 0.4, scene: 'terrorism' };
  expect(await look('colours', picture)).toEqual([{ ...common, class: 'ad', score: 1, scene: 'ad' }, weapon]);
  expect(await look('colours', picture, { ...RUN, scenes: ['terrorism'] })).toEqual([weapon]);
});

test('what verdicts record of it changes with all that its scores depend on, and with its thresholds', async () => {
  const network = meansNetwork('NCHW');
  const onnx = onnxSection(network);
  const infos = async (parts: Record<string, unknown>) => {
    writeOwnModel(dir, 'colours', { onnx, ...parts }, network);
    return detectorInfos(['terrorism'], [], undefined, await readOwnDetectors(dir, {}));
  };
  const [first] = await infos({});
  expect(first).toMatchObject({
    name: 'colours',
    version: '1.0',
    scene: 'terrorism',
    atMost: 'review',
    sees: 'Red and blue; nothing else.',
    rule: { review: 0.5 },
  });
  const changes = [
    { version: '1.1' },
    { onnx: { ...onnx, resize: { fit: 'cover' } } },
    { scenes: { terrorism: { atMost: 'review', review: 0.6 } } },
    { classes: { red: { scene: 'terrorism', label: 'explosion' } } },
  ];
  const digests = [first?.digest];
  for (const change of changes) digests.push((await infos(change))[0]?.digest);
  expect(new Set(digests).size).toBe(digests.length);
  expect((await infos({}))[0]).toEqual(first);
  expect((await infos({ licence: 'MIT' }))[0]).toEqual(first);
});

const ODD: [string, (section: Record<string, unknown>) => Record<string, unknown>, RegExp][] = [
  [
    'of fewer classes',
    (section) => ({ ...section, output: { name: 'scores', classes: ['red', 'blue'] } }),
    /Expected 2 values at scores of the model colours, received 3/,
  ],
  [
    'of another output',
    (section) => ({ ...section, output: { name: 'logits', classes: ['red', 'green', 'blue'] } }),
    /an answer at the output logits/,
  ],
  [
    'of another input size',
    (section) => ({ ...section, input: { name: 'pixels', widthPx: 8, heightPx: 8, layout: 'NCHW' } }),
    /an answer at the output scores to the input pixels/,
  ],
  [
    'without an activation, whose values are no scores',
    (section) => ({ ...section, input: { name: 'pixels', widthPx: 4, heightPx: 4, layout: 'NCHW', scale: 1 } }),
    /values from 0 to 1 with activation none/,
  ],
];
test.each(ODD)('a manifest %s than the network is found out at the first picture', async (_, change, expected) => {
  const network = meansNetwork('NCHW');
  writeOwnModel(dir, 'colours', { onnx: change(onnxSection(network)) }, network);
  await expect(look('colours', plain(255, 0, 0))).rejects.toThrow(expected);
});

test('a file that is no network is found out, and one that was exchanged meanwhile', async () => {
  const nonsense = Buffer.from('not a network');
  writeOwnModel(dir, 'colours', { onnx: onnxSection(nonsense) }, nonsense);
  await expect(look('colours', plain(255, 0, 0))).rejects.toThrow(/a network that ONNX Runtime loads/);
  const network = meansNetwork('NCHW');
  writeOwnModel(dir, 'colours', { onnx: onnxSection(network) }, network);
  const own = await readOwnDetectors(dir, {});
  writeFileSync(join(dir, 'colours', 'model.onnx'), meansNetwork('NCHW', 2));
  const set = await createDetectors({ threads: 1, own });
  opened.push(set);
  const detector = set.detectors.find(({ name }) => name === 'colours');
  await expect(detector?.detect([plain(255, 0, 0)], RUN, signal)).rejects.toThrow(/a file of the digest \w{64}/);
});

describe('OpenNSFW behind a manifest', () => {
  const facts = JSON.parse(readFileSync(join(ROOT, 'models', 'open-nsfw', 'manifest.json'), 'utf8')) as Record<
    'sha256' | 'input' | 'output',
    string
  >;
  const parts = {
    scenes: { porn: { atMost: 'block', review: 0.5, block: 0.8 } },
    classes: { nsfw: { scene: 'porn', label: 'porn' } },
    onnx: {
      file: 'model.onnx',
      sha256: facts.sha256,
      input: {
        name: facts.input,
        ...{ widthPx: 224, heightPx: 224, layout: 'NHWC', channels: 'BGR', scale: 1, mean: [104, 117, 123] },
      },
      resize: { to: { widthPx: 256, heightPx: 256 } },
      output: { name: facts.output, classes: ['sfw', 'nsfw'] },
    },
  };

  test.each([
    ['as RGB, to the last digit', 'rgb24', 0],
    ['in its native format, but for rounding', undefined, 0.005],
  ] as const)('scores a video %s as the detector that comes along', async (_, format, most) => {
    writeOwnModel(dir, 'wrapped', parts);
    symlinkSync(join(ROOT, 'models', 'open-nsfw', 'open-nsfw.onnx'), join(dir, 'wrapped', 'model.onnx'));
    const set = await createDetectors({ threads: 2, own: await readOwnDetectors(dir, {}) });
    opened.push(set);
    const { frames } = await clipFrames('samples/cockatoo.mp4', { count: 4, ...(format && { format }) });
    const said = async (name: string): Promise<number[]> => {
      const detector = set.detectors.find((each) => each.name === name);
      return ((await detector?.detect(frames, RUN, signal)) ?? []).map(({ score }) => score);
    };
    const [theirs, ours] = [await said('open-nsfw'), await said('wrapped')];
    expect(ours).toHaveLength(4);
    expect(Math.max(...theirs)).toBeGreaterThan(0.05);
    const differences = ours.map((score, index) => Math.abs(score - (theirs[index] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(most);
  });
});
