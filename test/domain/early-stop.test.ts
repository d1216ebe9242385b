import { decide } from '../../src/domain/decide.js';
import { provenResults, type SegmentOutcome } from '../../src/domain/seek-safety.js';
import { countLooks, sumLooks } from '../../src/domain/looked.js';
import { resultBody } from '../../src/domain/result-body.js';
import type { SegmentResult } from '../../src/schema/observation.js';
import type { Segment } from '../../src/schema/plan.js';
import type { TaskRequest } from '../../src/schema/task.js';
import { decidable, POLICY, scores } from '../support/verdicts.js';

const BLOCKED = scores({ 2: [0.9, 0.9], 3: [0.9, 0.9], 4: [0.9, 0.9] });
const STOPPING = { ...POLICY, earlyStop: true };
const inspected = [{ from: 0, to: 8 }];

test('a block under a policy that looks no further says what was inspected and what was not', () => {
  const verdict = decide(decidable(BLOCKED, { policy: STOPPING, inspected }));
  expect(verdict.suggestion).toBe('block');
  expect(verdict.coverage).toEqual({
    inspected: 8,
    planned: 20,
    largestGapS: 13,
    skipped: [{ startS: 8, endS: 20 }],
  });
  expect(verdict.reasons.at(-1)).toBe(
    'The policy looks no further once a block is certain: 8 of 20 samples were inspected, none from 0:08 to 0:20.',
  );
});

test('a policy by which the same is no block does not take the part for the whole', () => {
  const lenient = { ...STOPPING, scenes: { porn: { ...POLICY.scenes.porn!, atMost: 'pass' as const } } };
  const verdict = decide(decidable(BLOCKED, { policy: lenient, inspected }));
  expect(verdict.suggestion).toBe('review');
  expect(verdict.reasons.join(' ')).toContain('Only 8 of 20 samples could be inspected');
});

test('a video that was looked at to its end says nothing of stopping', () => {
  const verdict = decide(decidable(BLOCKED, { policy: STOPPING }));
  expect(verdict.reasons.join(' ')).not.toContain('no further');
  expect(verdict.coverage).not.toHaveProperty('skipped');
});

test('stretches that were left out in between are told one by one', () => {
  const { coverage } = decide(
    decidable([], {
      inspected: [
        { from: 2, to: 5 },
        { from: 9, to: 18 },
      ],
    }),
  );
  expect(coverage.skipped).toEqual([
    { startS: 0, endS: 2 },
    { startS: 5, endS: 9 },
    { startS: 18, endS: 20 },
  ]);
});

test('a result tells how many samples each detector looked at, and of each scene the most', () => {
  const verdict = decide(decidable(BLOCKED, { policy: STOPPING, inspected, looked: { nsfwjs: 8, 'open-nsfw': 3 } }));
  const request = { source: { uri: 'file:///a' }, taskType: 'VideoModeration' } as unknown as TaskRequest;
  const revision = {
    revision: 1,
    origin: 'machine' as const,
    verdict,
    recordedAt: '',
    reviewer: null,
    reason: null,
    decisionId: '',
  };
  const state = { status: 'Succeeded' as const, code: '', message: '', startTime: '', endTime: null, revision };
  const details = resultBody(request, state).ModerationResult?.Details;
  expect(details?.Detectors.map(({ Name, Samples }) => [Name, Samples])).toEqual([
    ['nsfwjs', 8],
    ['open-nsfw', 3],
  ]);
  expect(details?.Coverage).toEqual({
    Inspected: 8,
    Planned: 20,
    LargestGap: 13,
    Skipped: [{ Start: 8, End: 20 }],
    Scenes: [{ Scene: 'porn', Inspected: 8 }],
  });
});

test('looks are counted by detector; a sum of which a part is not known is not known', () => {
  expect(countLooks({ a: 1 }, ['a', 'b'])).toEqual({ a: 2, b: 1 });
  expect(sumLooks([{ b: 1 }, { a: 2, b: 3 }])).toEqual({ a: 2, b: 4 });
  expect(sumLooks([{ a: 1 }, undefined])).toBeUndefined();
  expect(sumLooks([])).toEqual({});
});

describe('what is proven', () => {
  const segments: Segment[] = [0, 1, 2, 3].map((index) => ({
    index,
    from: index * 5,
    to: index * 5 + 5,
    startPts: index === 0 ? null : index,
    nextStartPts: index === 3 ? null : index + 1,
  }));
  const result = (segment: number, startDigest: string | null, nextDigest: string | null): SegmentResult => ({
    segment,
    chunks: [],
    observations: [],
    inspected: 5,
    startDigest,
    nextDigest,
    decodeErrors: 0,
  });
  const [first, second, third, last] = [
    result(0, null, 'a'),
    result(1, 'a', 'b'),
    result(2, 'b', 'c'),
    result(3, 'c', null),
  ];
  test.each<[string, SegmentOutcome[], SegmentOutcome[]]>([
    ['goes from the beginning to the first that is missing', [first, second, undefined, last], [first, second]],
    ['is nothing without the first', [undefined, second, third, last], []],
    ['ends before one that saw other pictures', [first, result(1, 'x', 'b'), third, last], [first]],
    ['ends before one that could not be decoded', [first, second, 'unsafe', last], [first, second]],
    ['is everything when all agree', [first, second, third, last], [first, second, third, last]],
  ])('%s', (_, outcomes, expected) => {
    expect(provenResults(segments, outcomes)).toEqual(expected);
  });
});
