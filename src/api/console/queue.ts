import type { FastifyInstance, FastifyRequest } from 'fastify';
import { QueueFilter, TakeNext, type QueueView, type TakenTask } from '../../schema/console/queue.js';
import { InvalidQueueQueryError, type QueuePage, type QueueQuery } from '../../store/review-queue.js';
import { exposureOf, isSpent } from './exposure.js';
import { signedIn } from './guard.js';
import { ConsoleProblem } from './problem.js';
import { countsView, mayKnow, queryOf, rowOf } from './queue-query.js';
import { read } from './read.js';
import type { ReadAhead } from './read-ahead.js';
import { readerOf, type Reviewing } from './reviewing.js';
import type { ConsoleService } from './service.js';

/** How long an entry is offered to nobody else while it is claimed, in milliseconds: longer than a claim is asked for, see `Reviewing.claim`. */
const OFFER_MS = 8000;
/** Entries that are tried before somebody is told that it does not work: each is one that changed since it was shown. */
const MOST_TRIES = 5;
/** Of these, how many nobody may answer for: one that is stuck must not keep the others from being read. */
const MOST_UNANSWERED = 2;

/** The queue: what waits, and the next task to read. */
export function queue(app: FastifyInstance, console: ConsoleService, reviewing: Reviewing, ahead: ReadAhead): void {
  const { records } = console;

  app.get('/queue', async (request): Promise<QueueView> => {
    const filter = read(QueueFilter, request.query);
    const { member } = signedIn(request);
    const query = queryOf(request, filter);
    const { limit, after } = filter;
    const [{ entries, next }, counts] = await Promise.all([
      pageOf(console, { ...query, limit, ...(after === undefined ? {} : { after }) }),
      records.queue.counts(query.projects),
    ]);
    // Who looks further down does not take from there.
    if (after === undefined) ahead.of(query);
    const rows = entries.filter((entry) => mayKnow(member, entry)).map((entry) => rowOf(member, entry));
    return { rows, next, counts: countsView(counts) };
  });

  app.post('/queue/next', async (request): Promise<TakenTask> => {
    const query = queryOf(request, read(TakeNext, request.body ?? {}));
    await refuseSpent(console, request);
    const reader = readerOf(request);
    const { reviewer, as: level } = reader;
    let unanswered = 0;
    for (let tries = 0; tries < MOST_TRIES && unanswered < MOST_UNANSWERED; tries++) {
      const entry = await records.queue.offer(query, { reviewer, level, forMs: OFFER_MS });
      if (entry === null) break;
      const { taskId } = entry;
      try {
        const claim = await reviewing.claim(entry, taskId, reader);
        if (claim !== null) {
          ahead.of(query);
          return { taskId, claim };
        }
        unanswered++;
      } catch (error) {
        // Somebody else has it, or it is over, and the queue will say so: the next one, then.
        if (!(error instanceof ConsoleProblem && error.code === 'ReviewRefused')) throw error;
      }
    }
    if (unanswered > 0)
      throw new ConsoleProblem('TemporalUnavailable', 'Nobody answers for the tasks that wait: try again in a moment.');
    throw new ConsoleProblem('QueueEmpty', 'Nothing waits for you that this filter shows.');
  });
}

/**
 * Refuses more material to somebody who has seen as much as a shift allows.
 * @throws {ConsoleProblem} BudgetSpent
 */
export async function refuseSpent(console: ConsoleService, request: FastifyRequest): Promise<void> {
  const exposure = await exposureOf(console, signedIn(request).member.name);
  if (!isSpent(exposure)) return;
  throw new ConsoleProblem(
    'BudgetSpent',
    `You have looked at severe material for ${Math.floor(exposure.seconds / 60)} minutes within ${exposure.shiftHours} hours: the queue pauses for you, and the leads see it.`,
  );
}

async function pageOf({ records }: ConsoleService, query: QueueQuery): Promise<QueuePage> {
  try {
    return await records.queue.page(query);
  } catch (error) {
    if (error instanceof InvalidQueueQueryError) throw new ConsoleProblem('InvalidRequest', error.message);
    throw error;
  }
}
