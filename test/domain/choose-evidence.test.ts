import { chooseFrames, chooseSpans } from '../../src/domain/choose-evidence.js';
import type { BlockFrame } from '../../src/schema/verdict.js';

const frame = (timeS: number, rate: number): BlockFrame => ({
  sample: timeS,
  offset: timeS,
  timeS,
  rate,
  label: 'porn',
  scene: 'porn',
  detectors: ['nsfwjs'],
});

test('the 24 frames with the highest rates are kept, in the order of the video', () => {
  const frames = Array.from({ length: 40 }, (_, index) => frame(index, index % 2 === 0 ? 90 : 50));
  const kept = chooseFrames(frames);
  expect(kept).toHaveLength(24);
  expect(kept.filter(({ rate }) => rate === 90)).toHaveLength(20);
  expect(kept.map(({ sample }) => sample)).toEqual([...kept.map(({ sample }) => sample)].sort((a, b) => a - b));
});

test('a sample that two scenes name is kept once', () => {
  expect(chooseFrames([frame(3, 80), { ...frame(3, 60), label: 'ad' }])).toEqual([frame(3, 80)]);
});

test('frames near each other are one span, with some of the video around it', () => {
  expect(chooseSpans([frame(10, 60), frame(12, 70)], 100)).toEqual([{ sample: 10, startS: 7, endS: 15 }]);
});

test('spans stay inside the video', () => {
  expect(chooseSpans([frame(0, 60)], 2)).toEqual([{ sample: 0, startS: 0, endS: 2 }]);
});

test('of many spans the three with the highest rates are kept', () => {
  const spans = chooseSpans([frame(0, 60), frame(100, 90), frame(200, 55), frame(300, 80)], 400);
  expect(spans.map(({ sample }) => sample)).toEqual([0, 100, 300]);
});

test('a long span is shown for 60 s around its highest rate', () => {
  const frames = Array.from({ length: 200 }, (_, index) => frame(index, index === 150 ? 99 : 60));
  expect(chooseSpans(frames, 300)).toEqual([{ sample: 120, startS: 120, endS: 180 }]);
});
