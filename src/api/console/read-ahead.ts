import { errorMessage } from '../../domain/error-code.js';
import type { QueueChoice, QueueEntry } from '../../store/review-queue.js';
import { askReview } from '../../temporal/reviews.js';
import { clientOf } from './reviewing.js';
import type { ConsoleService } from './service.js';

/** Entries that are got ready: two for each of twenty reviewers. */
const AHEAD = 40;
/** Whoever takes a task looks at it for longer: those who wait for one come first, and twenty who take at once are read ahead of once. Milliseconds. */
const LATER_MS = 500;
/** How long a task counts as ready, in milliseconds. Its worker may forget it sooner: then taking it only takes longer. */
const READY_MS = 60_000;
/** Tasks that nobody answers for before the rest is left alone: one may be stuck, two mean that no worker is there. */
const MOST_UNANSWERED = 2;

/**
 * Has workers get ready the tasks that are likely to be taken next. A worker remembers about a thousand workflows, those that it had to do with last; all others, and so most of a long
 * queue, it has to go through from their start before it can answer. Asking a task where it stands has that done before a reviewer waits for it.
 */
export class ReadAhead {
  /** When each task answered last, the oldest first; milliseconds. */
  private readonly ready = new Map<string, number>();
  /** What is to be looked at yet. */
  private readonly wanted = new Map<string, QueueChoice>();
  private timer: NodeJS.Timeout | null = null;
  private reading: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly console: Pick<ConsoleService, 'records' | 'tasks' | 'log'>) {}

  /** Gets ready what this query offers next, a little later. */
  of(query: QueueChoice): void {
    // That instant moves with the clock, and would make every query another one.
    this.wanted.set(JSON.stringify({ ...query, openedBefore: undefined }), query);
    if (this.reading !== null) return;
    this.timer ??= setTimeout(() => {
      this.reading = this.read();
    }, LATER_MS).unref();
  }

  /** Ends it; settles once nothing is read any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.reading;
  }

  private async read(): Promise<void> {
    try {
      for (let next = this.next(); next !== undefined; next = this.next()) {
        const { entries } = await this.console.records.queue.page({ ...next, steps: ['waiting'], limit: AHEAD });
        await this.getReady(entries);
      }
    } catch (error) {
      this.console.log('warn', 'The next tasks could not be got ready for review', { error: errorMessage(error) });
    } finally {
      this.timer = null;
      this.reading = null;
    }
  }

  private next(): QueueChoice | undefined {
    const [first] = this.wanted;
    if (first === undefined || this.isClosed) return undefined;
    const [key, query] = first;
    this.wanted.delete(key);
    return query;
  }

  /** One after another: nobody waits for this, and who does wait for an answer comes first. */
  private async getReady(entries: readonly QueueEntry[]): Promise<void> {
    this.forgetOld();
    let unanswered = 0;
    for (const { taskId, kind } of entries) {
      // No workflow knows of a second reading.
      if (kind === 'quality' || this.ready.has(taskId)) continue;
      if (this.isClosed) return;
      if ((await askReview(clientOf(this.console), taskId)) !== null) this.ready.set(taskId, Date.now());
      else if (++unanswered === MOST_UNANSWERED) return;
    }
  }

  private forgetOld(): void {
    const oldest = Date.now() - READY_MS;
    for (const [taskId, at] of this.ready) {
      if (at > oldest) return;
      this.ready.delete(taskId);
    }
  }
}
