import { createFormats, durationParts } from '../../console/src/formats.js';
import { axisMarks, daysBetween } from '../../console/src/lead/bars.js';
import { differing } from '../../console/src/lead/differing.js';
import { changedThresholds, withThreshold } from '../../console/src/lead/edit-policy.js';
import { createStopwatch, isSevere } from '../../console/src/task/exposure.js';
import type { MachineNumbers } from '../../src/schema/console/lead.js';
import { Policy } from '../../src/schema/policy.js';

const POLICY = Policy.parse({
  version: 1,
  scenes: {
    porn: {
      detectors: { one: { review: 0.6, block: 0.9 }, two: { review: 0.5 } },
      window: { k: 1, n: 1 },
      atMost: 'block',
    },
  },
  coverage: { minimum: 0.9 },
  control: { share: 0 },
  review: { deadline: '7d', onDeadline: 'review' },
});

test.each([
  [0, '0:00', '0:00.0'],
  [61.25, '1:01', '1:01.2'],
  [3599.96, '59:59', '59:59.9'],
  [3661, '1:01:01', '1:01:01.0'],
])('%d s is the position %s, with tenths %s', (seconds, whole, tenths) => {
  const { position } = createFormats('en');
  expect([position(seconds), position(seconds, true)]).toEqual([whole, tenths]);
});

test('a duration is told in two units at most, those that matter', () => {
  expect(durationParts(90_061)).toEqual([
    ['day', 1],
    ['hour', 1],
  ]);
  expect(durationParts(3600)).toEqual([['hour', 1]]);
  expect(durationParts(-5)).toEqual([['second', 0]]);
  expect(createFormats('en').duration(125)).toBe('2m 5s');
});

test.each([
  [0, [0, 1]],
  [3, [0, 1, 2, 3]],
  [226, [0, 100, 200, 300]],
])('an axis up to %d has round marks', (highest, marks) => {
  expect(axisMarks(highest)).toEqual(marks);
});

test('a chart has every day, also those without a decision', () => {
  expect(daysBetween('2025-02-27T09:00:00Z', '2025-03-01T01:00:00Z')).toEqual([
    '2025-02-27',
    '2025-02-28',
    '2025-03-01',
  ]);
});

test('whichever threshold is moved, the policy stays one that can be saved', () => {
  const higher = withThreshold(POLICY, 'porn', 'one', 'review', 0.95);
  const lower = withThreshold(POLICY, 'porn', 'one', 'block', 0.3);
  const least = withThreshold(POLICY, 'porn', 'two', 'review', 0);
  for (const changed of [higher, lower, least]) expect(Policy.safeParse(changed).success).toBe(true);
  expect(higher.scenes.porn?.detectors['one']).toEqual({ review: 0.95, block: 0.95 });
  expect(lower.scenes.porn?.detectors['one']).toEqual({ review: 0.3, block: 0.3 });
  expect(withThreshold(POLICY, 'ad', 'one', 'review', 0.5)).toBe(POLICY);
});

test('what was moved is told, and nothing else', () => {
  expect(changedThresholds(POLICY, POLICY)).toEqual([]);
  expect(changedThresholds(POLICY, withThreshold(POLICY, 'porn', 'two', 'review', 0.7))).toEqual([
    { scene: 'porn', detector: 'two', name: 'review', from: 0.5, to: 0.7 },
  ]);
});

test('only what was seen counts, and what is too much for one report is in the next', () => {
  const watch = createStopwatch();
  watch.start(1000);
  watch.start(2000);
  watch.stop(4000);
  expect([watch.take(9000, 120), watch.take(9000, 120)]).toEqual([3, 0]);
  watch.start(10_000);
  expect([watch.take(20_000, 4), watch.take(20_000, 4), watch.take(21_000, 4)]).toEqual([4, 4, 3]);
});

test.each([
  ['porn', true],
  ['terrorism', true],
  ['ad', false],
] as const)('material in question for %s counts as severe: %s', (scene, isCounted) => {
  expect(isSevere({ frames: [], disputed: [{ scene, startS: 0, endS: 1, rate: 50, clip: null }] })).toBe(isCounted);
});

test('rows of a scene are told apart by the thresholds that differ, and by none where all are the same', () => {
  const row = (scene: 'porn' | 'ad', review: number, block: number | null): MachineNumbers => ({
    scene,
    thresholds: [
      { detector: 'one', review, block },
      { detector: 'two', review: 0.5, block: 0.9 },
    ],
    ...({ policies: ['a'], machine: 'review', read: 1, blocked: 1, precision: 1, overturned: 0 } as const),
  });
  const [low, high, never, ad] = [
    row('porn', 0.6, 0.9),
    row('porn', 0.7, 0.9),
    row('porn', 0.6, null),
    row('ad', 0.6, 1),
  ];
  const all = [low, high, never, ad, { ...low, machine: 'block' as const }];
  expect(
    all.map((each) => differing(each, all).map(({ detector, review, block }) => [detector, review, block])),
  ).toEqual([[['one', 0.6, 0.9]], [['one', 0.7, 0.9]], [['one', 0.6, null]], [], [['one', 0.6, 0.9]]]);
});
