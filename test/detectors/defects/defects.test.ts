import { defects } from '../../../src/detectors/defects/defects.js';
import { createDetectors, detectorInfos, type DetectorSet } from '../../../src/detectors/registry.js';
import type { Classified, Detector } from '../../../src/detectors/detector.js';
import { loadPolicy } from '../../../src/policy.js';
import type { Frame } from '../../../src/schema/frame.js';
import type { Observation } from '../../../src/schema/observation.js';
import { build } from '../../support/build.js';

const signal = AbortSignal.timeout(600_000);
let set: DetectorSet;
let detector: Detector;
beforeAll(async () => {
  await build();
  set = await createDetectors({ threads: 1, scenes: ['live'] });
  detector = set.detectors.find(({ name }) => name === 'defects')!;
});
afterAll(() => set.close());

/** Of one colour, or a picture with something on it. */
function frame(sample: number, grey: number | null): Frame {
  const [widthPx, heightPx] = [320, 180];
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, index) => grey ?? (index >> 6) & 255);
  const rest = { format: 'rgb24' as const, colour: { matrix: null, range: null }, release: () => undefined };
  return { sample, widthPx, heightPx, data, ...rest };
}

/** What is said in the end of samples that are of one grey, or `null` of ones with content; `more` was seen besides. */
async function said(greys: readonly (number | null)[], durationS: number, more: Observation[] = []) {
  const { policy, policyDigest } = await loadPolicy();
  const run = { sourceDigest: 'a'.repeat(64), policy, policyDigest, scenes: ['live'] as const, banks: [] };
  const frames = greys.map((grey, sample) => frame(sample, grey));
  const observations = [...(await detector.detect(frames, run, signal)), ...more];
  const plan = { kind: 'grid' as const, spacing: { num: 1, den: 1 }, count: greys.length };
  const whole: Classified = { observations, plan, video: { timeBase: { num: 1, den: 1 }, durationS }, sourceMd5: '' };
  const last = await detector.conclude!(whole, run, signal);
  return last.map(({ class: kind, sample, text, span }) => [kind, sample, text, span]);
}

test('samples of one colour in a row are meaningless, a single one is not', async () => {
  expect(await said([200, 200, null, 90, null, null], 6)).toEqual([
    ['meaningless', 0, 'one colour', { startS: 0, endS: 1 }],
    ['meaningless', 1, 'one colour', { startS: 0, endS: 1 }],
  ]);
});

test('an image of one colour is meaningless by itself', async () => {
  expect(await said([255], 0)).toEqual([['meaningless', 0, 'one colour', { startS: 0, endS: 0 }]]);
});

test('what is black is not called meaningless as well', async () => {
  const black = { detector: 'defects', sample: 1, class: 'black-stretch', score: 1, text: '0' };
  const span = { startS: 0.9, endS: 3.2 };
  expect(await said([null, 0, 0, 0, null], 5, [{ ...black, span }])).toEqual([['black', 2, undefined, span]]);
});

test('it speaks for the scene live alone, asks for a person at most, and says that it watches', async () => {
  expect(await defects.infos(['porn', 'ad', 'terrorism', 'logo'], { banks: [] })).toEqual([]);
  const infos = await detectorInfos(['live']);
  expect(infos.filter(({ name }) => name === 'defects')).toMatchObject([
    { name: 'defects', scene: 'live', atMost: 'review', watches: true, concludes: true },
  ]);
});
