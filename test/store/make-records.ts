import { createHash } from 'node:crypto';
import type { EvidenceItem } from '../../src/schema/evidence.js';
import type { Checkpoint } from '../../src/schema/observation.js';
import type { TaskRequest } from '../../src/schema/task.js';
import type { Suggestion } from '../../src/schema/scene.js';
import type { Verdict } from '../../src/schema/verdict.js';
import type { ProbedVideo } from '../../src/schema/probed.js';
import type { NewRevision } from '../../src/store/records.js';

/** SHA-256 of a text, hexadecimal. */
export const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A task as a request would make it. */
export function makeRequest(taskId: string, given: Partial<TaskRequest> = {}): TaskRequest {
  return {
    taskId,
    taskType: 'VideoModeration',
    tags: {},
    definition: null,
    eventId: '3B5-1Fq4dcNVrUpkBEHwGZPzTnSmyAj',
    projectName: 'default',
    userData: '{"key": "värde"}',
    source: { uri: 'file:///videos/a%20b.mp4', sizeBytes: 2 ** 40, version: '1763737000123456789' },
    options: { scenes: ['porn', 'ad'], interval: 1, maxFrames: 200, coverage: 'whole', sampling: 'fast' },
    policy: {
      version: 1,
      scenes: {
        porn: {
          detectors: { nsfwjs: { review: 0.6, block: 0.85, corroborateFrom: 0.3 } },
          window: { k: 3, n: 5 },
          atMost: 'block',
        },
      },
      coverage: { minimum: 0.9 },
      control: { share: 0.02 },
      review: { deadline: '7d', onDeadline: 'review' },
    },
    policyDigest: digestOf('policy'),
    detectors: [{ name: 'nsfwjs', version: '4.4.0', digest: digestOf('nsfwjs'), scene: 'porn', atMost: 'block' }],
    requestDigest: digestOf(`request of ${taskId}`),
    mediaQueue: 'media@abc',
    ...given,
  };
}

/** What a probe might have found. */
export const PROBED: ProbedVideo = {
  source: { uri: 'file:///videos/a.mp4', sizeBytes: 1000, version: '1' },
  sourceDigest: digestOf('source'),
  video: {
    container: 'mov,mp4,m4a,3gp,3g2,mj2',
    codec: 'h264',
    profile: null,
    pixelFormat: 'yuv420p',
    widthPx: 1280,
    heightPx: 720,
    rotationDeg: 90,
    interlaced: false,
    colour: { matrix: null, range: 'tv', transfer: null, primaries: null },
    frameRate: 29.97,
    frameCount: 420,
    streamIndex: 0,
    timeline: 'source',
    timeBase: { num: 1, den: 90_000 },
    firstPts: -3003,
    durationPts: 1_261_260,
    durationS: 14.014,
    keyFramePts: [0, 90_090],
    x264Build: 164,
    damaged: false,
  },
};

/** A verdict of this suggestion about one frame. */
export function makeVerdict(suggestion: Suggestion): Verdict {
  return {
    suggestion,
    categories: suggestion === 'pass' ? [] : ['porn'],
    blockFrames: [
      { sample: 3, offset: 3, timeS: 3.003, rate: 87.123456, label: 'porn', scene: 'porn', detectors: ['nsfwjs'] },
    ],
    reasons: ['One family of detectors alone found “porn”.'],
    coverage: { inspected: 14, planned: 14, largestGapS: 1 },
    inspectedScenes: ['porn'],
    notInspectedScenes: ['ad'],
    detectors: [{ name: 'nsfwjs', version: '4.4.0', digest: digestOf('nsfwjs'), scene: 'porn', atMost: 'block' }],
    policyDigest: digestOf('policy'),
  };
}

/** A machine's first revision unless told otherwise. */
export function makeRevision(taskId: string, given: Partial<NewRevision> = {}): NewRevision {
  return {
    taskId,
    origin: 'machine',
    verdict: makeVerdict('review'),
    recordedAt: '2026-01-01T00:00:20.000Z',
    reviewer: null,
    reason: null,
    decisionId: 'machine',
    ...given,
  };
}

/** A picture kept of this sample, with the digest of these bytes. */
export function makeEvidence(sample: number, bytes: string): EvidenceItem {
  return {
    kind: 'frame',
    sample,
    startS: sample,
    endS: sample,
    widthPx: 1280,
    heightPx: 720,
    contentType: 'image/jpeg',
    digest: digestOf(bytes),
  };
}

/** How far an attempt might have come. */
export function makeCheckpoint(nextSample: number): Checkpoint {
  const observation = { detector: 'nsfwjs', sample: nextSample, class: 'porn', score: 0.25 };
  const chunks = [{ from: 0, to: 1, digest: digestOf('chunk') }];
  return { from: 0, nextSample, chunks, partialFrom: 1, partial: [observation], pictures: [] };
}
