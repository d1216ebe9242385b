import type { ReportExtras } from '../../../src/cli/render/report.js';
import { resultBody } from '../../../src/domain/result-body.js';
import type { Observation } from '../../../src/schema/observation.js';
import type { ModerationResultBody } from '../../../src/schema/result.js';
import type { Suggestion } from '../../../src/schema/scene.js';
import type { BlockFrame, Revision, Verdict } from '../../../src/schema/verdict.js';
import type { TaskRecord } from '../../../src/store/records.js';
import { makeRequest, makeVerdict, PROBED } from '../../store/make-records.js';

/** The id that tasks here have unless told otherwise. */
export const TASK_ID = 'VideoModeration-3f2a9c1b-1c7e-4f4e-9a39-0d2a8c1e5b77';

/** A block frame at this second, of this rate. */
export const blockFrame = (sample: number, rate: number, detectors = ['nsfwjs']): BlockFrame => ({
  sample,
  offset: sample,
  timeS: sample,
  rate,
  label: 'porn',
  scene: 'porn',
  detectors,
});

/** What a detector saw in a sample. */
export const observation = (sample: number, kind: string, score: number, detector = 'nsfwjs'): Observation => ({
  detector,
  sample,
  class: kind,
  score,
});

/** A first revision by the machine unless told otherwise. */
export function revisionOf(
  suggestion: Suggestion,
  verdict: Partial<Verdict> = {},
  given: Partial<Revision> = {},
): Revision {
  return {
    revision: 1,
    origin: 'machine',
    verdict: {
      ...makeVerdict(suggestion),
      blockFrames: [],
      notInspectedScenes: [],
      ...verdict,
    },
    recordedAt: '2026-11-21T15:40:03.000Z',
    reviewer: null,
    reason: null,
    decisionId: 'machine',
    ...given,
  };
}

/** A task as recorded, ended well unless told otherwise. */
export function taskRecord(given: Partial<TaskRecord> = {}, taskId = TASK_ID): TaskRecord {
  return {
    request: makeRequest(taskId),
    status: 'Succeeded',
    code: '',
    message: '',
    startTime: '2026-11-21T15:40:00.000Z',
    endTime: '2026-11-21T15:40:02.900Z',
    probed: PROBED,
    plan: { kind: 'grid', spacing: { num: 1, den: 1 }, count: 14 },
    ...given,
  };
}

/** A result and what a report tells besides it. */
export function reported(
  revision: Revision | null,
  extras: Partial<ReportExtras> = {},
  task: Partial<TaskRecord> = {},
): [ModerationResultBody, ReportExtras] {
  const record = taskRecord(task);
  return [
    resultBody(record.request, { ...record, revision }),
    {
      name: 'samples/cockatoo.mp4',
      revision,
      durationS: 14,
      timeS: (sample) => sample,
      observations: [],
      evidence: [],
      notes: [],
      elapsedS: 2.9,
      framesDir: null,
      isKeeping: false,
      isReviewShown: false,
      ...extras,
    },
  ];
}
