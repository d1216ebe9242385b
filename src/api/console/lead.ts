import type { FastifyInstance } from 'fastify';
import { agreementOf } from '../../domain/agreement.js';
import { isOverturned, machineNumbers } from '../../domain/machine-numbers.js';
import { ageInstants, agesOf } from '../../domain/queue-ages.js';
import { LeadFilter, type LeadView, type ReviewerNumbers } from '../../schema/console/lead.js';
import type { DayCount, ReadingCount } from '../../store/readings.js';
import { exposureOf } from './exposure.js';
import { projectsOf } from './guard.js';
import { read } from './read.js';
import type { ConsoleService } from './service.js';

const DAY_MS = 24 * 3_600_000;

/** The lead's numbers. */
export function lead(app: FastifyInstance, console: ConsoleService): void {
  app.get('/lead', { config: { access: 'lead' } }, async (request): Promise<LeadView> => {
    const { project, days } = read(LeadFilter, request.query);
    const projects = projectsOf(request, project);
    const { queue, readings } = console.records;
    const now = Date.now();
    // Whole days, today among them.
    const from = new Date(Math.floor(now / DAY_MS) * DAY_MS - (days - 1) * DAY_MS).toISOString();
    const to = new Date(now).toISOString();
    const range = { projects, from, to };
    const [waiting, before, counts, pairs, byDay] = await Promise.all([
      queue.counts(projects),
      queue.waitingSince(projects, ageInstants(now)),
      readings.counts(range),
      readings.pairs(range),
      readings.days(range),
    ]);
    const { oldestOpenedAt } = waiting;
    return {
      from,
      to,
      queue: {
        waiting: waiting.waiting,
        escalated: waiting.escalated,
        oldestS: oldestOpenedAt === null ? null : Math.max(0, now - Date.parse(oldestOpenedAt)) / 1000,
        ages: agesOf(waiting.waiting, before),
      },
      days: daysOf(byDay),
      reviewers: await reviewersOf(console, counts),
      agreement: agreementOf(pairs),
      machine: machineNumbers(counts),
    };
  });
}

/** Readings of each day on which there were any; those that only check others decide nothing. */
function daysOf(counts: readonly DayCount[]): LeadView['days'] {
  const days = new Map<string, LeadView['days'][number]>();
  for (const { day, scene, kind, count, ...outcome } of counts) {
    if (scene !== null || kind === 'quality') continue;
    const known = days.get(day) ?? { day, decided: 0, overturned: 0 };
    known.decided += count;
    if (isOverturned(outcome)) known.overturned += count;
    days.set(day, known);
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Each reviewer's readings, checks of others' among them, with what they have looked at in this shift. */
async function reviewersOf(console: ConsoleService, counts: readonly ReadingCount[]): Promise<ReviewerNumbers[]> {
  const ofTasks = counts.filter(({ scene }) => scene === null);
  const reviewers = [...new Set(ofTasks.map(({ reviewer }) => reviewer))].sort();
  return Promise.all(
    reviewers.map(async (reviewer) => {
      const own = ofTasks.filter((count) => count.reviewer === reviewer);
      const sum = (value: (count: ReadingCount) => number): number =>
        own.reduce((total, count) => total + value(count), 0);
      const decided = sum(({ count }) => count);
      const { seconds, budgetSeconds } = await exposureOf(console, reviewer);
      return {
        reviewer,
        decided,
        meanWaitS: decided === 0 ? 0 : sum(({ waitedMs }) => waitedMs) / decided / 1000,
        blocked: sum(({ person, count }) => (person === 'block' ? count : 0)),
        overruled: sum(({ overruled }) => overruled),
        exposureS: seconds,
        budgetS: budgetSeconds,
      };
    }),
  );
}
