import { runsFromKeyFrames, runsFromSegments } from '../../src/domain/evidence-runs.js';
import type { SamplePlan } from '../../src/schema/plan.js';

/** Ten minutes of 720p at 25 Hz with a key frame every 10 s, sampled every second. */
const VIDEO = {
  timeBase: { num: 1, den: 1000 },
  keyFramePts: Array.from({ length: 60 }, (_, index) => index * 10_000),
  widthPx: 1280,
  heightPx: 720,
  frameRate: 25,
};
const PLAN: SamplePlan = { kind: 'grid', spacing: { num: 1, den: 1 }, count: 600 };
const wanted = (...samples: number[]) => samples.map((sample) => ({ sample }));

test('samples far apart are decoded each from the key frame before it, those of the first from the beginning', () => {
  expect(runsFromKeyFrames(VIDEO, PLAN, wanted(9, 125, 599))).toEqual([
    { samples: [9], startPts: null },
    { samples: [125], startPts: 120_000 },
    { samples: [599], startPts: 590_000 },
  ]);
});

test('a sample that lies on a key frame starts at it', () => {
  expect(runsFromKeyFrames(VIDEO, PLAN, wanted(120))).toEqual([{ samples: [120], startPts: 120_000 }]);
});

test('samples of one group of pictures, and of the next where little lies between, share a decoder', () => {
  expect(runsFromKeyFrames(VIDEO, PLAN, wanted(121, 128, 131))).toEqual([
    { samples: [121, 128, 131], startPts: 120_000 },
  ]);
  expect(runsFromKeyFrames(VIDEO, PLAN, wanted(121, 131))).toHaveLength(2);
});

test('small pictures are decoded on rather than sought', () => {
  expect(runsFromKeyFrames({ ...VIDEO, widthPx: 320, heightPx: 180 }, PLAN, wanted(121, 131))).toHaveLength(1);
});

test('a decoder begins as early as it is told to', () => {
  expect(runsFromKeyFrames(VIDEO, PLAN, [{ sample: 125, beginS: 119.5 }])).toEqual([
    { samples: [125], startPts: 110_000 },
  ]);
});

test('a video without key frames is one run from the beginning', () => {
  expect(runsFromKeyFrames({ ...VIDEO, keyFramePts: [] }, PLAN, wanted(3, 500))).toEqual([
    { samples: [3, 500], startPts: null },
  ]);
});

test('of key frames that are samples themselves only those between are counted', () => {
  const plan: SamplePlan = { kind: 'keyframe', pts: VIDEO.keyFramePts, count: 60 };
  expect(runsFromKeyFrames(VIDEO, plan, wanted(5, 12, 50))).toEqual([
    { samples: [5, 12], startPts: 50_000 },
    { samples: [50], startPts: 500_000 },
  ]);
});

test('by segments each sample is decoded from the start of its own', () => {
  const segments = [
    { index: 0, from: 0, to: 300, startPts: null, nextStartPts: 300_000 },
    { index: 1, from: 300, to: 600, startPts: 300_000, nextStartPts: null },
  ];
  expect(runsFromSegments(segments, [4, 299, 300])).toEqual([
    { samples: [4, 299], startPts: null },
    { samples: [300], startPts: 300_000 },
  ]);
  expect(runsFromSegments(segments, [301])).toEqual([{ samples: [301], startPts: 300_000 }]);
});
