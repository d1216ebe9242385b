import fc from 'fast-check';
import { copyTask } from '../../../bench/what-if/copy-task.js';
import type { PolicySaved, PolicyView, WhatIfView } from '../../../src/schema/console/lead.js';
import type { ConsoleError } from '../../../src/schema/console/session.js';
import type { Policy } from '../../../src/schema/policy.js';
import { digestOf } from '../../../src/digest.js';
import { redecide } from '../../../src/store/redecide.js';
import { cancelTask } from '../../../src/temporal/tasks.js';
import { WhatIf } from '../../../src/store/what-if.js';
import { consoleMember, type ConsoleMember } from '../../support/console-member.js';
import { moderated } from '../../support/moderated.js';
import { openService, PROJECT, type TestService } from '../../support/service.js';
import { POLICY } from '../../support/verdicts.js';
import { immClient } from '../../support/imm-client.js';
import { waitingTask } from '../../support/waiting-task.js';

let service: TestService;
let lea: ConsoleMember;
let taskId: string;
const COPIES = 20;

beforeAll(async () => {
  service = await openService();
  await service.installation.startWorkers();
  lea = await consoleMember(service, 'lea', 'lead', [PROJECT]);
  taskId = await moderated(service);
  for (let n = 0; n < COPIES; n++)
    await copyTask(service.installation, taskId, `VideoModeration-copy-${n}`, (seen) => ({
      ...seen,
      score: Math.round(seen.score * (n / (COPIES - 1)) * 1e6) / 1e6,
    }));
});

afterAll(() => service.close());

/** The test's policy with other thresholds of its first detector. */
function withThresholds(review: number, block = Math.max(review, 0.8)): Policy {
  const porn = POLICY.scenes.porn!;
  const detectors = { ...porn.detectors, nsfwjs: { ...porn.detectors['nsfwjs']!, review, block } };
  return { ...POLICY, scenes: { porn: { ...porn, detectors } } };
}

const whatIf = (policy: Policy): Promise<WhatIfView> =>
  lea.post<WhatIfView>('/lead/what-if', { project: PROJECT, policy });

describe('what-if', () => {
  it('tells how many stored tasks would change from what to what, and names some', async () => {
    const { tasks, changes, left, hasOlder } = await whatIf(withThresholds(0.999));
    expect([tasks, left, hasOlder]).toEqual([COPIES + 1, { decidedByPeople: 0, notDecidable: 0 }, false]);
    expect(changes.reduce((sum, { count }) => sum + count, 0)).toBe(tasks);
    const loosened = changes.find(({ from, to }) => from === 'review' && to === 'pass')!;
    expect(loosened.count).toBeGreaterThan(0);
    expect(loosened.examples.length).toBe(Math.min(5, loosened.count));
  });

  it('says of every task what deciding it again would', async () => {
    const { records, blobs } = service.installation;
    // So little room that tasks have to be read again and again.
    const tight = new WhatIf({ records, blobs }, 2000);
    const roomy = new WhatIf({ records, blobs });
    const threshold = fc.double({ min: 0.11, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(threshold, threshold, fc.integer({ min: 1, max: 4 }), async (a, b, k) => {
        const bounded = withThresholds(Math.min(a, b), Math.max(a, b));
        const policy = { ...bounded, scenes: { porn: { ...bounded.scenes.porn!, window: { k, n: 5 } } } };
        const [one, other] = [await tight.decide(PROJECT, policy), await roomy.decide(PROJECT, policy)];
        expect(one).toEqual(other);
        for (const { taskId: id, to } of one.redecided)
          expect([id, to]).toEqual([
            id,
            (await redecide({ records, blobs }, id, { policy, policyDigest: '' })).suggestion,
          ]);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a policy whose thresholds are out of bounds, and a project of others', async () => {
    const refused = await lea.ask('POST', '/lead/what-if', { project: PROJECT, policy: withThresholds(0.05) });
    expect(refused.status).toBe(400);
    expect((await lea.ask('POST', '/lead/what-if', { project: 'other', policy: POLICY })).status).toBe(404);
  });
});

describe('what-if on the tasks of commands', () => {
  it('moves thresholds from the policy of the newest, and saves none, which no command would read', async () => {
    const max = await consoleMember(service, 'max', 'lead');
    const inForce = () => max.ask('GET', '/lead/policy?project=default');
    expect((await inForce()).status).toBe(404);
    const policy = withThresholds(0.4);
    const ofCommand = await waitingTask(service.installation, {}, { policy, policyDigest: digestOf(policy) });
    expect(await (await inForce()).json()).toEqual({
      ...{ project: 'default', version: 0, isSavable: false, versions: [] },
      ...{ policy, policyDigest: digestOf(policy) },
    });
    expect((await lea.ask('GET', '/lead/policy?project=default')).status).toBe(404);
    const porn = { ...POLICY.scenes.porn!, detectors: { nsfwjs: { review: 1 }, 'open-nsfw': { review: 1 } } };
    const other = { ...policy, scenes: { porn } };
    const tried = await max.post<WhatIfView>('/lead/what-if', { project: 'default', policy: other });
    expect(tried).toMatchObject({
      tasks: 1,
      changes: [{ from: 'review', to: 'pass', count: 1, examples: [ofCommand] }],
    });
    const save = { project: 'default', policy: other, after: 0, note: null, apply: true };
    expect((await max.ask('POST', '/lead/policy', save)).status).toBe(404);
  });
});

describe('saving a policy', () => {
  const save = (policy: Policy, after: number, apply = false): Promise<Response> =>
    lea.ask('POST', '/lead/policy', { project: PROJECT, policy, after, note: 'less noise', apply });
  const inForce = (): Promise<PolicyView> => lea.get<PolicyView>(`/lead/policy?project=${PROJECT}`);

  it('puts it in force for new tasks, in place of the configured one, also after a restart', async () => {
    expect(await inForce()).toMatchObject({ version: 0, isSavable: true });
    const policy = withThresholds(0.9);
    const saved = (await (await save(policy, 0)).json()) as PolicySaved;
    expect(saved).toEqual({ version: 1, policyDigest: digestOf(policy), applied: 0, failed: 0 });
    expect(await inForce()).toMatchObject({ version: 1, policy, policyDigest: digestOf(policy) });
    expect(await policyOfNewTask()).toEqual(policy);
    await service.restart();
    expect(await inForce()).toMatchObject({ version: 1, policyDigest: digestOf(policy) });
    expect(await policyOfNewTask()).toEqual(policy);
  });

  it('is refused when somebody else saved one meanwhile', async () => {
    const refused = await save(withThresholds(0.6), 0);
    expect([refused.status, ((await refused.json()) as ConsoleError).code]).toEqual([409, 'PolicyChanged']);
    expect((await inForce()).versions).toHaveLength(1);
  });

  it('decides stored tasks by it where asked to, and leaves what people decided', async () => {
    const { records } = service.installation;
    const porn = withThresholds(0.999).scenes.porn!;
    const policy: Policy = {
      ...POLICY,
      scenes: { porn: { ...porn, detectors: { ...porn.detectors, 'open-nsfw': { review: 0.9 } } } },
    };
    const [first, second, third, fourth] = (await whatIf(policy)).changes.find(
      ({ from, to }) => from === 'review' && to === 'pass',
    )!.examples;
    const machine = (await records.latestRevision(second!))!;
    await records.appendRevision({ ...machine, taskId: second!, origin: 'person', reviewer: 'ann', decisionId: 'd-1' });
    // The first of two who must agree has read this one.
    const state = { step: 'waiting', level: 'reviewer', claim: null, dueAt: null } as const;
    const openedAt = new Date().toISOString();
    await records.queue.put({ ...state, taskId: third!, kind: 'review', readers: ['ann'], openedAt, sequence: 1 });
    // Somebody is to hear an appeal against this one.
    await records.queue.put({ ...state, taskId: fourth!, kind: 'appeal', readers: [], openedAt, sequence: 1 });
    const expected = await whatIf(policy);
    expect(expected.left.decidedByPeople).toBe(3);
    const changed = expected.changes.filter(({ from, to }) => from !== to).reduce((sum, { count }) => sum + count, 0);
    const saved = (await (await save(policy, 1, true)).json()) as PolicySaved;
    expect(saved).toMatchObject({ version: 2, applied: changed, failed: 0 });
    expect(await records.latestRevision(first!)).toMatchObject({
      revision: 2,
      origin: 'policy',
      verdict: { suggestion: 'pass', policyDigest: digestOf(policy) },
    });
    expect((await records.latestRevision(second!))!.origin).toBe('person');
    for (const left of [third!, fourth!])
      expect(await records.latestRevision(left)).toMatchObject({ revision: 1, origin: 'machine' });
    expect((await whatIf(policy)).changes.every(({ from, to }) => from === to)).toBe(true);
    const told = await records.audit.page({ kinds: ['policy-saved', 'policy-applied'], limit: 10 });
    expect(told[0]).toMatchObject({ kind: 'policy-applied', actor: 'lea', detail: { version: 2, applied: changed } });
    expect(told).toHaveLength(3);
  });

  async function policyOfNewTask(): Promise<Policy> {
    const client = immClient(service);
    const created = await client('CreateVideoModerationTask', {
      ProjectName: PROJECT,
      SourceURI: 'oss://clips/parrot.mp4',
      Scenes: '["porn"]',
    });
    const { records, tasks } = service.installation;
    const id = String(created['TaskId']);
    for (;;) {
      const task = await records.findTask(id);
      if (task !== null) {
        await cancelTask(tasks, id);
        return task.request.policy;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});
