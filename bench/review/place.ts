import { csrfTokenOf, digestOfToken, newToken } from '../../src/auth/console/tokens.js';
import { MemberSettings } from '../../src/schema/member.js';
import type { RecordStore } from '../../src/store/records.js';
import { openAppeal } from '../../src/temporal/reviews.js';
import { moderated } from '../reference/moderated.js';
import { openBenchService, type BenchService } from '../reference/service.js';

/** A reviewer who is signed in. */
export interface Reviewer {
  cookie: string;
  csrfToken: string;
}

/** A service whose queue is full, in a process that does not make the load. */
export interface Place {
  /** `host:port` */
  endpoint: string;
  reviewers: Reviewer[];
}

/** Tasks that are opened at once: more only wait for each other. */
const AT_ONCE = 50;

/** Opens a service with so many tasks that wait and so many reviewers, and answers how it ends. */
export async function openPlace(
  waiting: number,
  reviewers: number,
  databaseUrl: string | null,
): Promise<Place & { close(): Promise<void> }> {
  const service = await openBenchService(databaseUrl);
  const workers = await service.startWorkers();
  const template = await moderated(service.endpoint, service.key);
  const numbers = Array.from({ length: waiting }, (_, index) => index);
  const opener = async (): Promise<void> => {
    for (let n = numbers.shift(); n !== undefined; n = numbers.shift())
      await wait(service, template, `VideoModeration-${String(n).padStart(8, '0')}-waits`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, opener));
  return {
    endpoint: service.endpoint,
    reviewers: await Promise.all(
      Array.from({ length: reviewers }, (_, n) => signedIn(service.records, `reviewer-${n}`)),
    ),
    async close() {
      await workers.close();
      await service.close();
    },
  };
}

/** Has another task like the first wait for a person: as one whose verdict somebody appeals against. */
async function wait({ records, tasks }: BenchService, template: string, taskId: string): Promise<void> {
  const like = await records.findTask(template);
  const machine = await records.latestRevision(template);
  if (like?.probed == null || like.plan === null || machine === null) throw new Error('Expected a moderated task.');
  const endTime = like.endTime ?? like.startTime;
  await records.createTask({ ...like.request, taskId }, like.startTime);
  await records.recordPlan(taskId, like.probed, like.plan);
  const revision = await records.appendRevision({ ...machine, taskId, decisionId: `${taskId}/machine` });
  await records.endTask(taskId, { status: 'Succeeded', code: '', message: '', endTime });
  const record = { ...like, request: { ...like.request, taskId } };
  const appeal = { appealId: taskId, appellant: 'bench', reason: null };
  while ((await openAppeal(tasks, record, revision, appeal)) === 'pending');
}

async function signedIn({ members }: RecordStore, name: string): Promise<Reviewer> {
  const now = new Date().toISOString();
  const token = newToken();
  await members.create({
    name,
    role: 'reviewer',
    projects: null,
    settings: MemberSettings.parse({}),
    hasPassword: false,
    createdAt: now,
    isDisabled: false,
    passwordHash: null,
    subject: null,
  });
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const session = { tokenDigest: digestOfToken(token), member: name, createdAt: now, seenAt: now, expiresAt };
  await members.openSession({ ...session, address: '127.0.0.1' });
  return { cookie: `framewarden-session=${token}`, csrfToken: csrfTokenOf(token) };
}
