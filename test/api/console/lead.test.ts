import type { LeadView } from '../../../src/schema/console/lead.js';
import type { SceneReading } from '../../../src/schema/review.js';
import type { Reading } from '../../../src/store/readings.js';
import { consoleMember, type ConsoleMember } from '../../support/console-member.js';
import { ACCOUNT, openService, PROJECT, type TestService } from '../../support/service.js';

let service: TestService;
let lea: ConsoleMember;
const DIGEST = 'd'.repeat(64);
const NSFWJS = [{ detector: 'nsfwjs', review: 0.7, block: 0.9 }];

beforeAll(async () => {
  service = await openService({
    projects: [
      { name: PROJECT, account: ACCOUNT },
      { name: 'other', account: ACCOUNT },
    ],
  });
  lea = await consoleMember(service, 'lea', 'lead', [PROJECT]);
  const { readings } = service.installation.records;
  await readings.keep(reading({ readingId: 'r1', taskId: 't1', reviewer: 'ann', person: 'block' }));
  await readings.keep(reading({ readingId: 'r2', taskId: 't1', reviewer: 'bo', kind: 'second', person: 'pass' }));
  await readings.keep(
    reading({ readingId: 'r3', taskId: 't1', reviewer: 'lea', kind: 'adjudication', person: 'pass' }),
  );
  await readings.keep(
    reading({ readingId: 'r4', taskId: 't2', reviewer: 'ann', person: 'pass', policyDigest: 'e'.repeat(64) }),
  );
  await readings.keep(reading({ readingId: 'r5', taskId: 't2', reviewer: 'bo', kind: 'quality', person: 'block' }));
  await readings.keep(reading({ readingId: 'r6', taskId: 't3', reviewer: 'ann', person: 'block', project: 'other' }));
});

afterAll(() => service.close());

let seconds = 0;
function reading(given: Partial<Reading> & { person: 'pass' | 'block' }): Reading {
  const scene: SceneReading = { scene: 'porn', machine: 'review', person: given.person, thresholds: NSFWJS };
  seconds++;
  return {
    readingId: '',
    taskId: '',
    project: PROJECT,
    reviewer: '',
    kind: 'first',
    scenes: [scene, { ...scene, scene: 'ad', machine: 'pass', person: 'pass', thresholds: [] }],
    machine: 'review',
    reasonCode: null,
    policyDigest: DIGEST,
    readAt: new Date(Date.now() - 60_000 + seconds * 1000).toISOString(),
    waitedMs: 30_000,
    ...given,
  };
}

describe("the lead's numbers", () => {
  it('count what each reviewer decided, and how often it came otherwise', async () => {
    const { reviewers } = await lea.get<LeadView>('/lead');
    const told = reviewers.map(({ reviewer, decided, blocked, overruled, meanWaitS }) => [
      reviewer,
      decided,
      blocked,
      overruled,
      meanWaitS,
    ]);
    expect(told).toEqual([
      ['ann', 2, 1, 1, 30],
      ['bo', 2, 1, 1, 30],
      ['lea', 1, 0, 0, 30],
    ]);
  });

  it('tell how far reviewers agree beyond chance, by scene', async () => {
    const { agreement } = await lea.get<LeadView>('/lead');
    const all = agreement.find(({ scene, reviewer }) => scene === 'porn' && reviewer === null)!;
    // ann and bo, ann and lea, bo and lea on the first task, ann and bo on the second: one pair of four agrees.
    expect(all).toMatchObject({ pairs: 4, observed: 0.25 });
    expect(all.kappa!).toBeLessThan(0);
    expect(agreement.find(({ scene, reviewer }) => scene === 'ad' && reviewer === null)).toMatchObject({
      observed: 1,
      kappa: null,
    });
  });

  it("tell how the machine's word fared, by scene and thresholds", async () => {
    const { machine } = await lea.get<LeadView>('/lead');
    const policies = [DIGEST, 'e'.repeat(64)];
    expect(machine).toEqual([
      {
        ...{ scene: 'porn', thresholds: NSFWJS, policies, machine: 'review' },
        ...{ read: 5, blocked: 2, precision: 0.4, overturned: 0.6 },
      },
      {
        ...{ scene: 'ad', thresholds: [], policies, machine: 'pass' },
        ...{ read: 5, blocked: 0, precision: 1, overturned: 0 },
      },
    ]);
  });

  it('tell of each day what was decided and overturned, second looks apart', async () => {
    const { days } = await lea.get<LeadView>('/lead?days=2');
    expect(days.reduce((sum, { decided }) => sum + decided, 0)).toBe(4);
    expect(days.reduce((sum, { overturned }) => sum + overturned, 0)).toBe(3);
  });

  it('are of the projects that the lead has rights on', async () => {
    expect((await lea.ask('GET', '/lead?project=other')).status).toBe(404);
    const all = await consoleMember(service, 'max', 'admin');
    const { reviewers } = await all.get<LeadView>('/lead?project=other');
    expect(reviewers.map(({ reviewer, decided }) => [reviewer, decided])).toEqual([['ann', 1]]);
  });

  it('are for leads only', async () => {
    const ann = await consoleMember(service, 'ann');
    for (const path of [
      '/lead',
      `/lead/policy?project=${PROJECT}`,
      '/audit',
      '/audit/check',
      '/audit/export?format=csv',
    ])
      expect((await ann.ask('GET', path)).status).toBe(403);
  });
});
