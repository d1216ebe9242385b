import { createDetectors, type DetectorSet } from '../../src/detectors/registry.js';
import type { Detector } from '../../src/detectors/detector.js';
import { clipFrames } from '../../bench/reference/frames.js';
import { nsfwjsReference, type NsfwjsReference } from '../../bench/reference/nsfwjs-reference.js';
import { percentile } from '../../bench/reference/report.js';
import { difference, openNsfwReferenceScores, scoresOf } from '../../bench/reference/scores.js';
import { build } from '../support/build.js';

/** The clips of the reference scores: 4:4:4 with an odd encoder, and 4:2:0. */
const CLIPS = ['cockatoo.mp4', 'chair-orig-22-sd-bar.mp4'] as const;
/** Frames of each. TensorFlow.js takes a tenth of a second a frame: the whole of samples/ is for `npm run bench -- quality`. */
const FEW = 4;
/** Frames of each whose scores are compared with those on record. */
const RECORDED = 10;

let set: DetectorSet;
let reference: NsfwjsReference;

beforeAll(async () => {
  await build();
  set = await createDetectors({ threads: 1 });
  reference = await nsfwjsReference();
});

afterAll(async () => {
  reference.dispose();
  await set.close();
});

const detector = (name: string): Detector => {
  const found = set.detectors.find((it) => it.name === name);
  if (found === undefined) throw new Error(`Expected the detector ${name}.`);
  return found;
};

describe('nsfwjs as ONNX', () => {
  it.each(CLIPS)('gives what TensorFlow.js gives for the same input (%s)', async (clip) => {
    const scale = 'scale=224:224';
    const { frames } = await clipFrames(`samples/${clip}`, { format: 'rgb24', scale, count: FEW });
    const ours = await scoresOf(detector('nsfwjs'), frames);
    for (const [index, frame] of frames.entries()) {
      const theirs = await reference.network(Float32Array.from(frame.data, (value) => value / 255));
      Object.values(ours[index] ?? {}).forEach((score, at) => {
        expect(Math.abs(score - (theirs[at] ?? NaN))).toBeLessThan(1e-3);
      });
    }
  });

  it.each(CLIPS)('scores full-size native frames as nsfwjs scores them as RGB (%s)', async (clip) => {
    const native = (await clipFrames(`samples/${clip}`, { count: FEW })).frames;
    const rgb = (await clipFrames(`samples/${clip}`, { format: 'rgb24', count: FEW })).frames;
    const fromNative = await scoresOf(detector('nsfwjs'), native);
    const fromRgb = await scoresOf(detector('nsfwjs'), rgb);
    for (const [index, frame] of rgb.entries()) {
      const theirs = await reference.classify(frame);
      expect(difference(theirs, fromRgb[index] ?? {})).toBeLessThan(1e-3);
      expect(difference(theirs, fromNative[index] ?? {})).toBeLessThan(0.01);
    }
  });
});

describe('OpenNSFW', () => {
  it.each(CLIPS)('scores frames as its Python package does (%s)', async (clip) => {
    const expected = ((await openNsfwReferenceScores()).get(clip) ?? []).slice(0, RECORDED);
    expect(expected).toHaveLength(RECORDED);
    const differences = async (format?: 'rgb24'): Promise<number[]> => {
      const { frames } = await clipFrames(`samples/${clip}`, { count: RECORDED, ...(format && { format }) });
      const ours = await scoresOf(detector('open-nsfw'), frames);
      expect(ours).toHaveLength(expected.length);
      return expected.map((score, index) => Math.abs(score - (ours[index]?.porn ?? NaN)));
    };
    // RGB goes through Pillow's own arithmetic: what is left is the four decimals of the reference.
    expect(Math.max(...(await differences('rgb24')))).toBeLessThan(1e-4);
    expect(percentile(await differences(), 0.99)).toBeLessThan(0.02);
  });
});
