import { randomUUID } from 'node:crypto';
import type { Policy } from '../../../src/schema/policy.js';
import type { Browser } from '../../support/browser.js';
import { joined } from '../../support/console.js';
import { ACCOUNT, openService, type TestService } from '../../support/service.js';
import { queuedTask } from '../../support/waiting-task.js';

let service: TestService;
const member = (name: string, role: 'reviewer' | 'lead' = 'reviewer', projects: string[] | null = ['a']) =>
  joined({ endpoint: service.endpoint, records: service.installation.records }, name, role, projects);

beforeAll(async () => {
  service = await openService({
    projects: [
      { name: 'a', account: ACCOUNT },
      { name: 'b', account: ACCOUNT },
    ],
    console: { exposure: { minutes: 1 } },
  });
  await service.installation.startWorkers();
});
afterAll(async () => {
  await service.close();
});

/** Whoever knows the address can read what is there. */
const PRESIGNED = { uri: 'https://uploads.example/parrot.mp4?X-Amz-Signature=c0ffee', sizeBytes: 1, version: '1' };

/** A task that waits for a person, in the queue as its workflow shows it. */
async function waiting(projectName = 'a', review: Partial<Policy['review']> = {}): Promise<string> {
  const { installation } = service;
  const more = { projectName, tags: { shop: 'north' }, source: PRESIGNED };
  return queuedTask(installation, { qualityShare: 0, ...review }, more);
}

const decision = (more: Record<string, unknown> = {}) => ({
  ...{ decisionId: randomUUID(), suggestion: 'pass', reason: null, reasonCode: 'false-alarm' },
  ...more,
});
const idsOf = async (who: Browser, query = '') =>
  ((await who.ask('GET', `/queue${query}`)).body['rows'] as { taskId: string }[]).map(({ taskId }) => taskId);
const events = (taskId: string) => service.installation.records.audit.page({ taskId, limit: 50 });

test('a reviewer takes, renews and decides a task, which is told with their address', async () => {
  const taskId = await waiting();
  const ann = await member('ann');
  expect((await ann.ask('GET', '/queue')).body).toMatchObject({
    rows: [{ taskId, kind: 'review', project: 'a', step: 'waiting', mayTake: true, scenes: ['porn'], claim: null }],
    counts: { waiting: 1, byScene: { porn: 1 }, byProject: { a: 1 } },
    next: null,
  });
  expect((await ann.ask('GET', '/queue')).body).toMatchObject({
    rows: [{ uri: 'https://uploads.example/parrot.mp4?…' }],
  });
  const taken = await ann.ask('POST', '/queue/next', { body: {} });
  expect(taken.body).toMatchObject({ taskId, claim: { reviewer: 'ann' } });
  const { claimId, until } = taken.body['claim'] as { claimId: string; until: string };
  expect((await ann.ask('POST', '/queue/next', { body: {} })).body).toMatchObject({ code: 'QueueEmpty' });
  const renewed = await ann.ask('POST', `/tasks/${taskId}/renew`, { body: { claimId } });
  expect(Date.parse(String(renewed.body['until']))).toBeGreaterThan(Date.parse(until));

  const bea = await member('bea');
  expect((await bea.ask('POST', `/tasks/${taskId}/claim`)).body).toMatchObject({
    code: 'ReviewRefused',
    message: 'The task is taken by ann.',
  });
  const lost = [
    bea.ask('POST', `/tasks/${taskId}/renew`, { body: { claimId } }),
    ann.ask('POST', `/tasks/${taskId}/renew`, { body: { claimId: 'other' } }),
    ann.ask('POST', `/tasks/${taskId}/decide`, { body: decision({ claimId: 'other' }) }),
  ];
  for (const answer of await Promise.all(lost))
    expect(answer).toMatchObject({ status: 409, body: { code: 'ClaimLost' } });

  const unknown = await ann.ask('POST', `/tasks/${taskId}/decide`, {
    body: decision({ claimId, reasonCode: 'bored' }),
  });
  expect(unknown.body).toMatchObject({ code: 'ReviewRefused', message: expect.stringContaining('bored') as string });
  const spoofed = decision({ sender: { actor: 'bea', address: null } });
  expect((await ann.ask('POST', `/tasks/${taskId}/decide`, { body: spoofed })).body).toMatchObject({
    code: 'InvalidRequest',
  });
  const body = decision({ claimId });
  const accepted = { outcome: 'accepted', revision: 2, suggestion: 'pass', step: 'decided' };
  expect((await ann.ask('POST', `/tasks/${taskId}/decide`, { body })).body).toEqual(accepted);
  expect((await events(taskId)).map(({ kind, actor, address }) => [kind, actor, address])).toEqual(
    expect.arrayContaining([
      ['task-claimed', 'ann', '127.0.0.1'],
      ['task-read', 'ann', '127.0.0.1'],
    ]),
  );
  expect((await events(taskId)).filter(({ kind }) => kind === 'task-read')).toHaveLength(1);
  expect(await idsOf(ann)).toEqual([]);
});

test('a reviewer of one project sees nothing of another, and can do nothing there', async () => {
  const taskId = await waiting('b');
  const [cat, bob] = [await member('cat', 'lead', ['a']), await member('bob', 'reviewer', ['b'])];
  expect(await idsOf(cat)).toEqual([]);
  expect((await cat.ask('GET', '/queue')).body).toMatchObject({ counts: { waiting: 0, byProject: {} } });
  expect((await cat.ask('GET', '/queue?project=b')).body).toMatchObject({ code: 'NotFound' });
  expect((await cat.ask('POST', '/queue/next', { body: { project: 'b' } })).body).toMatchObject({ code: 'NotFound' });
  expect((await cat.ask('POST', '/queue/next')).body).toMatchObject({ code: 'QueueEmpty' });
  for (const [action, body] of Object.entries({
    claim: undefined,
    renew: { claimId: 'x' },
    release: { claimId: 'x' },
    decide: decision(),
    withdraw: { decisionId: 'x' },
    escalate: { escalationId: 'x', reason: null },
  }))
    expect(await cat.ask('POST', `/tasks/${taskId}/${action}`, { body })).toMatchObject({
      status: 404,
      body: { code: 'NotFound' },
    });
  const many = await cat.ask('POST', '/queue/decide', {
    body: { decisions: [{ taskId, decisionId: 'x' }], suggestion: 'pass', reasonCode: null, reason: null },
  });
  expect(many.body).toMatchObject({ results: [{ taskId, result: { outcome: 'refused' } }] });
  expect(await idsOf(bob)).toEqual([taskId]);
});

test('two who take next at the same time never get the same task; a task that is given back waits again', async () => {
  const tasks = [await waiting(), await waiting()];
  const [dan, eva] = [await member('dan'), await member('eva')];
  const taken = await Promise.all([dan, eva, dan].map((who) => who.ask('POST', '/queue/next')));
  const ids = taken.flatMap(({ body }) => (body['taskId'] === undefined ? [] : [body['taskId']]));
  expect(ids.sort()).toEqual([...tasks].sort());
  expect(taken.filter(({ body }) => body['code'] === 'QueueEmpty')).toHaveLength(1);
  const { taskId, claim } = taken.find(({ body }) => body['taskId'] !== undefined)!.body as {
    taskId: string;
    claim: { claimId: string; reviewer: string };
  };
  const holder = claim.reviewer === 'dan' ? dan : eva;
  expect((await holder.ask('POST', `/tasks/${taskId}/release`, { body: { claimId: claim.claimId } })).status).toBe(204);
  expect((await holder.ask('GET', '/queue')).body).toMatchObject({ counts: { waiting: 1, claimed: 1 } });

  const escalated = await holder.ask('POST', `/tasks/${taskId}/escalate`, {
    body: { escalationId: randomUUID(), reason: 'Ask a lead.' },
  });
  expect(escalated.body).toMatchObject({ outcome: 'accepted', step: 'waiting' });
  expect((await holder.ask('POST', `/tasks/${taskId}/claim`)).body).toMatchObject({ code: 'ReviewRefused' });
  const leo = await member('leo', 'lead');
  expect((await leo.ask('POST', '/queue/next', { body: { level: 'lead' } })).body).toMatchObject({ taskId });
  const notes = [{ kind: 'escalation', by: claim.reviewer, reason: 'Ask a lead.' }];
  expect((await leo.ask('GET', `/tasks/${taskId}`)).body).toMatchObject({ review: { notes } });
  for (const each of tasks) await service.installation.client.workflow.getHandle(each).terminate('The test is over.');
  for (const each of tasks) await service.installation.records.queue.remove(each, Number.MAX_SAFE_INTEGER);
});

test('several are decided alike, and taken back within ten seconds; what somebody else holds is refused', async () => {
  const [one, two] = [await waiting(), await waiting()];
  const [fay, gus] = [await member('fay'), await member('gus')];
  await gus.ask('POST', `/tasks/${two}/claim`);
  const decisions = [one, two].map((taskId) => ({ taskId, decisionId: randomUUID() }));
  const many = await fay.ask('POST', '/queue/decide', {
    body: { decisions, suggestion: 'block', reasonCode: 'illegal', reason: null },
  });
  expect(many.body).toMatchObject({
    results: [
      { ...decisions[0], result: { outcome: 'accepted', step: 'held', revision: 1 } },
      { ...decisions[1], result: { outcome: 'refused', message: 'The task is taken by gus.' } },
    ],
    undoUntil: expect.any(String) as string,
  });
  const back = await fay.ask('POST', '/queue/withdraw', { body: { decisions } });
  expect(back.body).toMatchObject({
    results: [{ result: { outcome: 'withdrawn' } }, { result: { outcome: 'refused' } }],
  });
  expect((await fay.ask('GET', '/queue?tag=shop=north&minMinutes=0&order=age')).body).toMatchObject({
    rows: [
      { taskId: one, step: 'waiting', mayTake: true },
      { taskId: two, step: 'claimed', mayTake: false },
    ],
  });
  for (const [who, taskId] of [
    [fay, one],
    [gus, two],
  ] as const)
    expect((await who.ask('POST', `/tasks/${taskId}/decide`, { body: decision() })).body).toMatchObject({
      step: 'decided',
    });
});

test('a second reading of a decided task looks like any other, is not offered to who decided it, and changes nothing', async () => {
  const taskId = await waiting('a', { qualityShare: 1 });
  const [hal, ivy] = [await member('hal'), await member('ivy')];
  const first = (await hal.ask('GET', '/queue')).body['rows'] as Record<string, unknown>[];
  await hal.ask('POST', `/tasks/${taskId}/decide`, { body: decision() });
  expect(await idsOf(hal)).toEqual([]);
  expect((await hal.ask('POST', '/queue/next')).body).toMatchObject({ code: 'QueueEmpty' });
  const second = (await ivy.ask('GET', '/queue')).body['rows'] as Record<string, unknown>[];
  expect(second).toEqual([
    { ...first[0], openedAt: expect.any(String) as string, dueAt: expect.any(String) as string },
  ]);

  const taken = await ivy.ask('POST', '/queue/next');
  expect(taken.body).toMatchObject({ taskId, claim: { reviewer: 'ivy' } });
  const { claimId } = taken.body['claim'] as { claimId: string };
  expect((await ivy.ask('POST', `/tasks/${taskId}/renew`, { body: { claimId } })).status).toBe(200);
  const body = decision({ claimId, suggestion: 'block', reasonCode: 'illegal', undoMs: 60_000 });
  const held = { outcome: 'accepted', step: 'held', revision: 1, suggestion: 'review' };
  for (let twice = 0; twice < 2; twice++)
    expect((await ivy.ask('POST', `/tasks/${taskId}/decide`, { body })).body).toEqual(held);
  expect((await ivy.ask('POST', `/tasks/${taskId}/withdraw`, { body })).body).toMatchObject({ code: 'InvalidRequest' });
  const withdrawal = { decisionId: body.decisionId };
  expect((await ivy.ask('POST', `/tasks/${taskId}/withdraw`, { body: withdrawal })).body).toEqual({
    outcome: 'withdrawn',
  });
  const final = { ...body, undoMs: 0 };
  for (let twice = 0; twice < 2; twice++)
    expect((await ivy.ask('POST', `/tasks/${taskId}/decide`, { body: final })).body).toEqual({
      ...held,
      ...{ step: 'decided', revision: 2, suggestion: 'block' },
    });
  expect(await idsOf(ivy)).toEqual([]);
  const { records } = service.installation;
  expect(await records.latestRevision(taskId)).toMatchObject({ revision: 2, verdict: { suggestion: 'pass' } });
  expect(await records.readings.ofTask(taskId)).toMatchObject([
    { reviewer: 'hal', kind: 'first', person: 'pass' },
    {
      reviewer: 'ivy',
      kind: 'quality',
      person: 'block',
      machine: 'review',
      scenes: [{ scene: 'porn', person: 'block' }],
    },
  ]);
});

test('whoever has seen severe material for as long as allowed gets no more, and it is written down', async () => {
  const kim = await member('kim');
  const report = (seconds: number) => kim.ask('POST', '/me/exposure', { body: { seconds } });
  expect((await report(59)).body).toEqual({ seconds: 59, budgetSeconds: 60, shiftHours: 8 });
  expect((await kim.ask('POST', '/queue/next')).body).toMatchObject({ code: 'QueueEmpty' });
  expect((await report(2)).body).toMatchObject({ seconds: 61 });
  await report(5);
  expect(await kim.ask('POST', '/queue/next')).toMatchObject({ status: 403, body: { code: 'BudgetSpent' } });
  const spent = await service.installation.records.audit.page({ kinds: ['budget-spent'], limit: 5 });
  expect(spent).toMatchObject([{ actor: 'kim', address: '127.0.0.1', detail: { seconds: 61, budgetSeconds: 60 } }]);
});
