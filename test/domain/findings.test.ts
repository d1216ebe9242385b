import { findingsOf } from '../../src/domain/findings.js';
import type { Observation } from '../../src/schema/observation.js';

const seen = (given: Partial<Observation>): Observation => ({
  ...{ detector: 'overlay', sample: 0, class: 'overlay', score: 0.8 },
  ...given,
});
const find = (...observations: Observation[]) => findingsOf('logo', observations, (sample) => sample * 2);
const left = { x: 0, y: 0, width: 0.1, height: 0.1 };
const right = { x: 0.9, y: 0, width: 0.1, height: 0.1 };
const span = { startS: 0, endS: 20 };

test('one thing on neighbouring samples is one finding from its first to its last sample', () => {
  const [finding, ...others] = find(seen({ sample: 3 }), seen({ sample: 4, score: 0.9 }), seen({ sample: 6 }));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ startS: 6, endS: 12, samples: 3, score: 0.9, sample: 4 });
});

test('a thing that moves through the picture is one finding', () => {
  expect(find(seen({ sample: 0, box: left }), seen({ sample: 1, box: right }))).toHaveLength(1);
});

test('things in different places that were seen over one stretch are findings of their own', () => {
  const found = find(seen({ box: left, span }), seen({ box: right, span, score: 0.7 }));
  expect(found.map(({ box }) => box)).toEqual([left, right]);
});

test('parts of one stretch in the same place are one finding', () => {
  const found = find(seen({ box: left, span }), seen({ sample: 1, box: left, span: { startS: 20, endS: 30 } }));
  expect(found).toMatchObject([{ startS: 0, endS: 30 }]);
});
