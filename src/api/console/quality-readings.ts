import { randomUUID } from 'node:crypto';
import { openReview, type ReviewState } from '../../domain/review.js';
import { sceneReadings } from '../../domain/review-outcome.js';
import { refusalOfDecision } from '../../domain/review-refusals.js';
import { reviewRules, type ReviewRules } from '../../domain/review-rules.js';
import type { DecisionUse, DecisionView } from '../../schema/console/queue.js';
import type { Claim } from '../../schema/review.js';
import type { TaskRequest } from '../../schema/task.js';
import type { Revision } from '../../schema/verdict.js';
import type { AuditKind } from '../../schema/audit-kinds.js';
import { policyOfVerdict } from '../../store/policy-of-verdict.js';
import type { QueueEntry } from '../../store/review-queue.js';
import { ConsoleProblem } from './problem.js';
import type { Reader } from './reviewing.js';
import type { ConsoleService } from './service.js';

/** Number of the revision that the first decision of most tasks makes, and that a second reading is answered with. */
const DECIDED_REVISION = 2;
/** The lease of a second reading is the store's. */
const WITHOUT_CLAIM = { claimId: undefined };

/** A decision that may still be withdrawn. */
interface Held {
  taskId: string;
  reviewer: string;
  timer: NodeJS.Timeout;
  answer: DecisionView;
  keep: () => Promise<void>;
}

/** A task that is read again, as it was when the machine had decided and nobody else. */
interface Subject {
  request: TaskRequest;
  /** What the machine had said last. */
  machine: Revision;
  rules: ReviewRules;
  state: ReviewState;
}

/**
 * Blind second readings of decided tasks, for the statistics. No workflow knows of them: what can still be withdrawn is held here, and kept at once when the service ends.
 * What a crash takes is a reading that somebody else makes.
 */
export class QualityReadings {
  private readonly held = new Map<string, Held>();

  constructor(private readonly console: Pick<ConsoleService, 'records' | 'log'>) {}

  /** The answer to a decision that was made before, whether it may still be withdrawn or is kept; `null`: there was none. */
  async answerOf(taskId: string, decisionId: string): Promise<DecisionView | null> {
    const held = this.held.get(decisionId);
    if (held?.taskId === taskId) return held.answer;
    const kept = (await this.console.records.readings.ofTask(taskId)).find(
      ({ readingId, kind }) => readingId === decisionId && kind === 'quality',
    );
    if (kept === undefined) return null;
    return { outcome: 'accepted', revision: DECIDED_REVISION, suggestion: kept.person, step: 'decided' };
  }

  async claim(entry: QueueEntry, claimId: string, reader: Reader): Promise<Claim> {
    const { rules } = await this.subjectOf(entry);
    const until = new Date(Date.now() + rules.leaseMs).toISOString();
    const { queue } = this.console.records;
    const claim = await queue.claimQuality(entry.taskId, { claimId, reviewer: reader.reviewer, until });
    if (claim === null) throw refusedOf(entry, reader.reviewer);
    await this.tell(entry, 'task-claimed', claimId, reader, { as: reader.as });
    return claim;
  }

  async release(entry: QueueEntry, claimId: string, reader: Reader): Promise<'done'> {
    if (entry.claim?.claimId !== claimId) return 'done';
    if (entry.claim.reviewer !== reader.reviewer) throw refusedOf(entry, reader.reviewer);
    await this.console.records.queue.releaseQuality(entry.taskId, claimId, 'waiting');
    await this.tell(entry, 'task-released', claimId, reader);
    return 'done';
  }

  /** Nobody reads it again: for leads there is nothing to decide any more. */
  async leave(entry: QueueEntry, claimId: string | undefined, reader: Reader): Promise<DecisionView> {
    const { revision, verdict } = (await this.subjectOf(entry)).machine;
    const claim = await this.holdOf(entry, claimId, reader);
    await this.console.records.queue.releaseQuality(entry.taskId, claim.claimId, 'read');
    await this.tell(entry, 'task-escalated', claim.claimId, reader);
    return { outcome: 'accepted', revision, suggestion: verdict.suggestion, step: 'waiting' };
  }

  /** Answered as if it were the first decision of the task. */
  async decide(entry: QueueEntry, decision: DecisionUse, reader: Reader): Promise<DecisionView> {
    const { decisionId, undoMs = 0, suggestion } = decision;
    const { taskId } = entry;
    const subject = await this.subjectOf(entry);
    const claim = await this.holdOf(entry, decision.claimId, reader);
    const refusal = refusalOfDecision(subject.state, { ...decision, ...WITHOUT_CLAIM, ...reader }, subject.rules);
    if (refusal !== null) throw new ConsoleProblem('ReviewRefused', refusal);
    const keep = () => this.keep(entry, subject, decision, claim, reader);
    if (undoMs === 0) {
      await keep();
      return { outcome: 'accepted', revision: DECIDED_REVISION, suggestion, step: 'decided' };
    }
    const { revision, verdict } = subject.machine;
    const answer: DecisionView = { outcome: 'accepted', revision, suggestion: verdict.suggestion, step: 'held' };
    const timer = setTimeout(() => void this.end(decisionId), undoMs);
    this.held.set(decisionId, { taskId, reviewer: reader.reviewer, timer, answer, keep });
    return answer;
  }

  /** Whether it was a decision of theirs that could be withdrawn, and is. */
  withdraw(taskId: string, decisionId: string, reviewer: string): boolean {
    const held = this.held.get(decisionId);
    if (held?.taskId !== taskId || held.reviewer !== reviewer) return false;
    clearTimeout(held.timer);
    return this.held.delete(decisionId);
  }

  /** Keeps what may still be withdrawn. */
  async flush(): Promise<void> {
    await Promise.all([...this.held.keys()].map((decisionId) => this.end(decisionId)));
  }

  private async end(decisionId: string): Promise<void> {
    const held = this.held.get(decisionId);
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.held.delete(decisionId);
    await held.keep().catch((error: unknown) => {
      this.console.log('error', 'A second reading could not be kept', { taskId: held.taskId, error: String(error) });
    });
  }

  private async keep(
    entry: QueueEntry,
    { request, machine, state }: Subject,
    decision: DecisionUse,
    claim: Claim,
    reader: Reader,
  ): Promise<void> {
    const { records } = this.console;
    const { decisionId, suggestion, reasonCode = null } = decision;
    const { taskId, projectName: project } = request;
    const { verdict } = machine;
    const readAt = new Date().toISOString();
    await records.readings.keep({
      ...{ readingId: decisionId, taskId, project, reviewer: reader.reviewer, kind: 'quality' },
      scenes: sceneReadings(verdict, decision, await policyOfVerdict(records, request, verdict)),
      ...{ machine: verdict.suggestion, person: suggestion, reasonCode, policyDigest: verdict.policyDigest, readAt },
      waitedMs: Date.parse(readAt) - state.openedMs,
    });
    await records.queue.releaseQuality(taskId, claim.claimId, 'read');
    await this.tell(entry, 'task-read', decisionId, reader, {
      ...{ decisionId, reading: 'quality', machine: verdict.suggestion, suggestion, reasonCode },
      policy: verdict.policyDigest,
    });
  }

  /** The lease that this reader acts under, taken now where nobody has one. */
  private async holdOf(entry: QueueEntry, claimId: string | undefined, reader: Reader): Promise<Claim> {
    const { claim } = entry;
    if (claim === null) return this.claim(entry, claimId ?? randomUUID(), reader);
    if (claim.reviewer !== reader.reviewer) throw refusedOf(entry, reader.reviewer, claimId);
    if (claimId !== undefined && claimId !== claim.claimId)
      throw new ConsoleProblem('ClaimLost', 'The task was taken anew: this lease is over.');
    return claim;
  }

  private async subjectOf({ taskId, openedAt, readers }: QueueEntry): Promise<Subject> {
    const { records } = this.console;
    const [task, revisions] = await Promise.all([records.findTask(taskId), records.revisions(taskId)]);
    const machine = revisions.findLast(({ origin }) => origin === 'machine' || origin === 'policy');
    if (task === null || machine === undefined) throw new ConsoleProblem('NotFound', 'There is no such task.');
    const { categories } = machine.verdict;
    const rules = reviewRules(task.request.policy, categories);
    const nowMs = Date.parse(openedAt);
    const state = openReview({ kind: 'review', categories, barred: readers, appealId: null, nowMs }, rules);
    return { request: task.request, machine, rules, state };
  }

  private async tell(
    { taskId, project }: QueueEntry,
    kind: AuditKind,
    id: string,
    { reviewer, sender }: Reader,
    detail = {},
  ): Promise<void> {
    const at = new Date().toISOString();
    const { address } = sender;
    const eventId = `${taskId}/${kind}/quality/${id}`;
    await this.console.records.audit.append([{ eventId, kind, at, actor: reviewer, address, project, taskId, detail }]);
  }
}

/** In the words of the workflow, so that nobody can tell one from the other. */
function refusedOf({ claim, readers }: QueueEntry, reviewer: string, claimId?: string): ConsoleProblem {
  if (readers.includes(reviewer))
    return new ConsoleProblem(
      'ReviewRefused',
      `${reviewer} has decided the task before: somebody else has to read it now.`,
    );
  const message = claim === null ? 'The task was taken a moment ago.' : `The task is taken by ${claim.reviewer}.`;
  return new ConsoleProblem(claimId === undefined ? 'ReviewRefused' : 'ClaimLost', message);
}
