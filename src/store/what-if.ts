import { setImmediate as nextTurn } from 'node:timers/promises';
import { timelineOf } from '../domain/timeline.js';
import type { Policy } from '../schema/policy.js';
import type { Suggestion } from '../schema/scene.js';
import { BlobNotFoundError, type BlobStore } from './blobs.js';
import { CompactTask, Vocabulary } from './compact-task.js';
import { readSeen } from './observations.js';
import type { RecordStore, Standing } from './records.js';

/** Memory for tasks that were read, in bytes: some tens of thousands. */
const DEFAULT_BYTES = 64 * 1024 ** 2;
/** Tasks looked at for one answer: the newest. */
export const MOST_TASKS = 20_000;
/** Tasks read at the same time. */
const READ_AT_ONCE = 8;
/** Others are let in after so much deciding, in milliseconds. */
const TURN_MS = 10;

/** A task that a policy decides otherwise than it stands, or alike. */
export interface Redecided extends Standing {
  to: Suggestion;
}

/** What a policy would make of a project's tasks. */
export interface WhatIfOutcome {
  redecided: Redecided[];
  /** Those that somebody has begun to decide, or is to hear an appeal against, count as well. */
  decidedByPeople: number;
  notDecidable: number;
  hasOlder: boolean;
}

/**
 * Tries policies on stored tasks. What was seen of a task never changes once its machine's run has ended: it is read once, and kept in memory in a compact form
 * as long as there is room; what was used least recently goes first.
 */
export class WhatIf {
  private readonly kept = new Map<string, CompactTask>();
  private keptBytes = 0;
  private vocabulary = new Vocabulary();

  constructor(
    private readonly stores: {
      records: Pick<RecordStore, 'standings' | 'findTask' | 'observationChunks'>;
      blobs: BlobStore;
    },
    private readonly maxBytes = DEFAULT_BYTES,
  ) {}

  /** What a policy would make of the newest tasks of a project that are not left to people. Rejects with the signal's reason when it is aborted. */
  async decide(project: string, policy: Policy, signal?: AbortSignal): Promise<WhatIfOutcome> {
    const standings = await this.stores.records.standings(project, MOST_TASKS + 1);
    const looked = standings.slice(0, MOST_TASKS);
    const open = looked.filter(
      ({ origin, isLeftToPeople }) => !isLeftToPeople && origin !== 'person' && origin !== 'appeal',
    );
    const redecided: Redecided[] = [];
    let begunAt = performance.now();
    for (let from = 0; from < open.length; from += READ_AT_ONCE) {
      const some = open.slice(from, from + READ_AT_ONCE);
      const tasks = await Promise.all(some.map(({ taskId }) => this.find(taskId)));
      for (const [index, standing] of some.entries()) {
        const task = tasks[index];
        if (task != null) redecided.push({ ...standing, to: task.decide(policy) });
      }
      if (performance.now() - begunAt < TURN_MS) continue;
      await nextTurn();
      signal?.throwIfAborted();
      begunAt = performance.now();
    }
    return {
      redecided,
      decidedByPeople: looked.length - open.length,
      notDecidable: open.length - redecided.length,
      hasOlder: standings.length > looked.length,
    };
  }

  /** The task, `null` when there is nothing to decide it from. */
  private async find(taskId: string): Promise<CompactTask | null> {
    const known = this.kept.get(taskId);
    if (known !== undefined) {
      this.kept.delete(taskId);
      this.kept.set(taskId, known);
      return known;
    }
    const task = await this.read(taskId);
    if (task === null || this.kept.has(taskId)) return task;
    this.kept.set(taskId, task);
    this.keptBytes += task.sizeBytes;
    this.makeRoom();
    return task;
  }

  private makeRoom(): void {
    for (const [taskId, task] of this.kept) {
      if (this.keptBytes <= this.maxBytes) return;
      this.kept.delete(taskId);
      this.keptBytes -= task.sizeBytes;
    }
  }

  private async read(taskId: string): Promise<CompactTask | null> {
    const { records, blobs } = this.stores;
    const [task, inspected] = await Promise.all([records.findTask(taskId), records.observationChunks(taskId)]);
    if (task?.probed == null || task.plan === null || task.status !== 'Succeeded') return null;
    const { request, probed, plan } = task;
    try {
      const seen = await readSeen(blobs, inspected);
      // What it holds is only meant for tasks that came after: those that use the old one keep it.
      if (this.vocabulary.isFull) this.vocabulary = new Vocabulary();
      const facts = { scenes: request.options.scenes, detectors: request.detectors, taskType: request.taskType };
      const ranges = inspected.map(({ from, to }) => ({ from, to }));
      return new CompactTask(
        { ...seen, ...facts, plan, video: timelineOf(probed), inspected: ranges },
        this.vocabulary,
      );
    } catch (error) {
      if (error instanceof BlobNotFoundError) return null;
      throw error;
    }
  }
}
