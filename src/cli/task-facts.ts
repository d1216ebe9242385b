import { timelineOf } from '../domain/timeline.js';
import { sampleTimeS } from '../domain/sample-plan.js';
import type { Stores } from '../deps.js';
import type { EvidenceItem } from '../schema/evidence.js';
import type { Observation } from '../schema/observation.js';
import type { ReviewNote } from '../schema/review.js';
import type { Revision } from '../schema/verdict.js';
import { readObservations } from '../store/observations.js';
import type { TaskRecord } from '../store/records.js';

/** All that is kept about a task, for people to look at. */
export interface TaskFacts {
  task: TaskRecord;
  revision: Revision | null;
  observations: Observation[];
  evidence: EvidenceItem[];
  /** Why it is to be read by leads, or again, while it waits. */
  notes: ReviewNote[];
  /** Of the video, in seconds; `null` when it could not be probed. */
  durationS: number | null;
  /** Seconds that the machine's run took; `null` while it runs. */
  elapsedS: number | null;
  /** Seconds from the first frame to a sample. */
  timeS: (sample: number) => number;
}

export async function factsOf({ records, blobs }: Stores, taskId: string): Promise<TaskFacts> {
  const [task, revision, chunks, evidence, waiting] = await Promise.all([
    records.findTask(taskId),
    records.latestRevision(taskId),
    records.observationChunks(taskId),
    records.evidence(taskId),
    records.queue.find(taskId),
  ]);
  if (task === null) throw new Error(`Expected ${taskId} to be recorded.`);
  const { probed, plan, startTime, endTime } = task;
  return {
    task,
    revision,
    evidence,
    notes: waiting?.notes ?? [],
    observations: await readObservations(blobs, chunks),
    durationS: probed === null ? null : timelineOf(probed).durationS,
    elapsedS: endTime === null ? null : (Date.parse(endTime) - Date.parse(startTime)) / 1000,
    timeS: (sample) => (plan === null || probed === null ? 0 : sampleTimeS(plan, timelineOf(probed).timeBase, sample)),
  };
}
