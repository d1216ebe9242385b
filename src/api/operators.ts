import type { FastifyInstance } from 'fastify';
import { errorMessage } from '../domain/error-code.js';
import type { Standing } from '../metrics.js';
import { TASK_STATUSES } from '../schema/result.js';
import type { Service } from './service.js';

/** How long a part may take to say that it is there. */
const READY_MS = 2000;

/** What operators and their tools ask: whether the process lives, whether it can work, and what it has counted. Not signed: keep it from the public. */
export function operatorRoutes(
  app: FastifyInstance,
  service: Pick<Service, 'readiness' | 'notices' | 'metrics' | 'records'>,
): void {
  app.get('/healthz', () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const parts = Object.entries(service.readiness);
    const found = await Promise.all(parts.map(async ([name, check]) => [name, await outcomeOf(check)] as const));
    const isReady = found.every(([, outcome]) => outcome === 'ok');
    return reply
      .status(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : 'not ready', ...Object.fromEntries(found), notices: service.notices() });
  });

  app.get('/metrics', async (_request, reply) => {
    const text = await service.metrics.text(await standingOf(service));
    return reply.type(service.metrics.contentType).send(text);
  });
}

async function outcomeOf(check: () => unknown): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${READY_MS / 1000} s`));
    }, READY_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch (error) {
    return errorMessage(error);
  } finally {
    clearTimeout(timer);
  }
}

async function standingOf({ records }: Pick<Service, 'records'>): Promise<Standing> {
  const [counted, queue] = await Promise.all([records.countByStatus(), records.queue.counts(null)]);
  const { byLevel, oldestOpenedAt } = queue;
  return {
    tasks: new Map(TASK_STATUSES.map((status) => [status, counted.get(status) ?? 0])),
    waiting: byLevel,
    oldestSeconds: oldestOpenedAt === null ? 0 : Math.max(0, Date.now() - Date.parse(oldestOpenedAt)) / 1000,
  };
}
