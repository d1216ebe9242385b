import { randomUUID } from 'node:crypto';
import { claimed, closedReview, held, openReview, read, type ReviewState } from '../../domain/review.js';
import { sceneReadings } from '../../domain/review-outcome.js';
import {
  refusalOfClaim,
  refusalOfDecision,
  refusalOfEscalation,
  refusalOfRelease,
  refusalOfWithdrawal,
} from '../../domain/review-refusals.js';
import type { DecisionUse, DecisionView } from '../../schema/console/queue.js';
import type { Claim } from '../../schema/review.js';
import type { AuditKind } from '../../schema/audit-kinds.js';
import { policyOfVerdict } from '../../store/policy-of-verdict.js';
import type { QueueEntry } from '../../store/review-queue.js';
import { ConsoleProblem } from './problem.js';
import type { Escalation, Reader } from './reviewing.js';
import { countedAnswer, readingEventId, subjectOf, type Subject } from './quality-subject.js';
import type { ConsoleService } from './service.js';

/** How much longer than it may be withdrawn a decision is shown as one, in milliseconds: it is kept meanwhile, or its service has gone, and somebody else reads the task. */
const HELD_MS = 60_000;

/** Events of a task among which one is looked for: the newest. */
const MOST_EVENTS = 200;

/** A decision that may still be withdrawn, or is being kept. */
interface Held {
  entry: QueueEntry;
  decisionId: string;
  claimId: string;
  /** With the decision. */
  state: ReviewState;
  timer: NodeJS.Timeout | null;
  answer: DecisionView;
  keep: () => Promise<void>;
  /** `null`: it may still be withdrawn. */
  keeping: Promise<void> | null;
}

/**
 * Blind second readings of decided tasks, for the statistics. No workflow knows of them: what can still be withdrawn is held here, and kept at once when the service ends.
 * What a crash takes is a reading that somebody else makes.
 */
export class QualityReadings {
  /** By task: nobody decides one that somebody has just decided. */
  private readonly held = new Map<string, Held>();

  constructor(private readonly console: Pick<ConsoleService, 'records' | 'log'>) {}

  /** Whether somebody has decided the task and may still take that back. */
  holds(taskId: string): boolean {
    return this.held.has(taskId);
  }

  /** The answer to a decision that was made before, whether it may still be withdrawn or is kept; `null`: there was none. */
  async answerOf(taskId: string, decisionId: string): Promise<DecisionView | null> {
    const held = this.held.get(taskId);
    if (held?.decisionId === decisionId) return answerTo(held);
    const kept = (await this.console.records.readings.ofTask(taskId)).find(
      ({ readingId, kind }) => readingId === decisionId && kind === 'quality',
    );
    return kept === undefined ? null : countedAnswer(await subjectOf(this.console.records, taskId), kept.person);
  }

  async claim(entry: QueueEntry, claimId: string, reader: Reader): Promise<Claim> {
    const { taskId } = entry;
    const subject = await subjectOf(this.console.records, taskId);
    const asked = { claimId, ...reader };
    refuse(refusalOfClaim(this.stateOf(entry, subject), asked), entry);
    const until = new Date(Date.now() + subject.rules.leaseMs).toISOString();
    const { queue } = this.console.records;
    const claim = await queue.claimQuality(taskId, { claimId, reviewer: reader.reviewer, until });
    if (claim === null) {
      const now = await queue.find(taskId);
      refuse(refusalOfClaim(this.stateOf(now ?? entry, subject), asked) ?? 'The task was taken a moment ago.', entry);
      throw new TypeError('Expected a claim to be refused');
    }
    await this.tell(entry, 'task-claimed', claimId, reader, { as: reader.as });
    return claim;
  }

  async release(entry: QueueEntry, claimId: string, reader: Reader): Promise<'done'> {
    const subject = await subjectOf(this.console.records, entry.taskId);
    refuse(refusalOfRelease(this.stateOf(entry, subject), { claimId, ...reader }), entry);
    if (entry.claim?.claimId !== claimId) return 'done';
    await this.console.records.queue.releaseQuality(entry.taskId, claimId, 'waiting');
    await this.tell(entry, 'task-released', claimId, reader);
    return 'done';
  }

  /** Nobody reads it again: for leads there is nothing to decide any more. */
  async leave(entry: QueueEntry, escalation: Escalation, reader: Reader): Promise<DecisionView> {
    const { taskId } = entry;
    const { claimId } = escalation;
    const subject = await subjectOf(this.console.records, taskId);
    const refuseNow = (): void => {
      refuse(refusalOfEscalation(this.stateOf(entry, subject), { ...escalation, ...reader }), entry, claimId);
    };
    refuseNow();
    const claim = entry.claim ?? (await this.claim(entry, claimId ?? randomUUID(), reader));
    refuseNow();
    await this.console.records.queue.releaseQuality(taskId, claim.claimId, 'read');
    await this.tell(entry, 'task-escalated', claim.claimId, reader);
    const { revision, verdict } = subject.machine;
    return { outcome: 'accepted', revision, suggestion: verdict.suggestion, step: 'waiting' };
  }

  /** Answered as if it were the first decision of the task. */
  async decide(entry: QueueEntry, decision: DecisionUse, reader: Reader): Promise<DecisionView> {
    const { decisionId, undoMs = 0, suggestion, claimId } = decision;
    const { taskId } = entry;
    const subject = await subjectOf(this.console.records, taskId);
    const made = { ...decision, ...reader };
    const refuseNow = (): void => {
      refuse(refusalOfDecision(this.stateOf(entry, subject), made, subject.rules), entry, claimId);
    };
    refuseNow();
    const claim = entry.claim ?? (await this.claim(entry, claimId ?? randomUUID(), reader));
    refuseNow();
    const earlier = this.held.get(taskId);
    if (earlier?.decisionId === decisionId) return answerTo(earlier);
    const { revision, verdict } = subject.machine;
    const untilMs = Date.now() + undoMs;
    const holding: Held = {
      ...{ entry, decisionId, claimId: claim.claimId, timer: null, keeping: null },
      state: held(this.stateOf(entry, subject), made, untilMs),
      answer:
        undoMs === 0
          ? countedAnswer(subject, suggestion)
          : { outcome: 'accepted', revision, suggestion: verdict.suggestion, step: 'held' },
      keep: () => this.keep(entry, subject, decision, claim, reader),
    };
    this.held.set(taskId, holding);
    try {
      const until = new Date(untilMs + HELD_MS).toISOString();
      if (!(await this.console.records.queue.holdQuality(taskId, claim.claimId, until)))
        throw new ConsoleProblem('ClaimLost', 'The task was taken anew: this lease is over.');
    } catch (error) {
      this.held.delete(taskId);
      throw error;
    }
    if (undoMs === 0) await this.count(holding);
    else holding.timer = setTimeout(() => void this.end(holding), undoMs);
    return holding.answer;
  }

  /** One that was withdrawn may be withdrawn again. */
  async withdraw(taskId: string, decisionId: string, reader: Reader): Promise<void> {
    if (await this.isWithdrawn(taskId, decisionId, reader)) return;
    const holding = this.held.get(taskId);
    const refusal = refusalOfWithdrawal(holding?.state ?? closedReview(), { decisionId, ...reader });
    if (refusal !== null || holding === undefined) throw new ConsoleProblem('ReviewRefused', refusal ?? '');
    if (holding.timer !== null) clearTimeout(holding.timer);
    this.held.delete(taskId);
    await this.console.records.queue.releaseQuality(taskId, holding.claimId, 'waiting');
    await this.tell(holding.entry, 'decision-withdrawn', decisionId, reader);
  }

  private async isWithdrawn(taskId: string, decisionId: string, { reviewer }: Reader): Promise<boolean> {
    if (this.held.get(taskId)?.decisionId === decisionId) return false;
    const eventId = readingEventId(taskId, 'decision-withdrawn', decisionId);
    const told = await this.console.records.audit.page({ taskId, kinds: ['decision-withdrawn'], limit: MOST_EVENTS });
    return told.some((event) => event.eventId === eventId && event.actor === reviewer);
  }

  /** Keeps what may still be withdrawn. */
  async flush(): Promise<void> {
    await Promise.all([...this.held.values()].map((holding) => this.end(holding)));
  }

  private async end(holding: Held): Promise<void> {
    const { taskId } = holding.entry;
    await this.count(holding).catch((error: unknown) => {
      this.console.log('error', 'A second reading could not be kept', { taskId, error: String(error) });
    });
  }

  /** From now on a decision counts, unless it was withdrawn. */
  private async count(holding: Held): Promise<void> {
    const { entry, state, timer } = holding;
    if (this.held.get(entry.taskId) !== holding) return;
    if (timer !== null) clearTimeout(timer);
    if (state.held !== null) holding.state = read(state, state.held.decision);
    holding.keeping ??= holding.keep().finally(() => this.held.delete(entry.taskId));
    await holding.keeping;
  }

  private async keep(
    { taskId, project, openedAt }: QueueEntry,
    { request, machine }: Subject,
    decision: DecisionUse,
    claim: Claim,
    reader: Reader,
  ): Promise<void> {
    const { records } = this.console;
    const { decisionId, suggestion, reasonCode = null } = decision;
    const { verdict } = machine;
    const readAt = new Date().toISOString();
    await records.readings.keep({
      ...{ readingId: decisionId, taskId, project, reviewer: reader.reviewer, kind: 'quality' },
      scenes: sceneReadings(verdict, decision, await policyOfVerdict(records, request, verdict)),
      ...{ machine: verdict.suggestion, person: suggestion, reasonCode, policyDigest: verdict.policyDigest, readAt },
      waitedMs: Date.parse(readAt) - Date.parse(openedAt),
    });
    await records.queue.releaseQuality(taskId, claim.claimId, 'read');
    await this.tell({ taskId, project }, 'task-read', decisionId, reader, {
      ...{ decisionId, reading: 'quality', machine: verdict.suggestion, suggestion, reasonCode },
      policy: verdict.policyDigest,
    });
  }

  /** Where the review would stand if a workflow knew of it. */
  private stateOf({ taskId, openedAt, readers, claim }: QueueEntry, { machine, rules }: Subject): ReviewState {
    const holding = this.held.get(taskId);
    if (holding !== undefined) return holding.state;
    const { categories } = machine.verdict;
    const opening = { kind: 'review' as const, categories, barred: readers, appealId: null };
    const open = openReview({ ...opening, nowMs: Date.parse(openedAt) }, rules);
    return claim === null ? open : claimed(open, { ...claim, as: 'reviewer' }, Date.parse(claim.until));
  }

  private async tell(
    { taskId, project }: Pick<QueueEntry, 'taskId' | 'project'>,
    kind: AuditKind,
    id: string,
    { reviewer, sender }: Reader,
    detail = {},
  ): Promise<void> {
    const at = new Date().toISOString();
    const { address } = sender;
    const eventId = readingEventId(taskId, kind, id);
    await this.console.records.audit.append([{ eventId, kind, at, actor: reviewer, address, project, taskId, detail }]);
  }
}

/** The answer to a decision that is sent again. */
async function answerTo({ keeping, answer }: Held): Promise<DecisionView> {
  await keeping;
  return answer;
}

/** In the words of the workflow, so that nobody can tell one from the other; of what is refused under a lease that is lost, that is what is told. */
function refuse(refusal: string | null, { claim }: QueueEntry, claimId?: string): void {
  if (refusal === null) return;
  const isLost = claimId !== undefined && claim?.claimId !== claimId;
  throw new ConsoleProblem(isLost ? 'ClaimLost' : 'ReviewRefused', refusal);
}
