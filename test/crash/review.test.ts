import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Claim } from '../../src/schema/review.js';
import { Browser, type Answer } from '../support/browser.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, type Command, type CommandPlace } from '../support/cli.js';
import { childrenIn, drawVictims, isServer, kill, randomFrom } from '../support/crash.js';
import { immClient, resultOf, type Call } from '../support/imm-client.js';
import { samplePath } from '../support/installation.js';
import { runFfmpeg } from '../support/make-video.js';
import { contentOf, newSecret, startReceiver, type Receiver } from '../support/receiver.js';

/** From the first look at a task to the moment in which the receiver hears of the decision. */
const STEPS = ['claiming', 'claimed', 'deciding', 'decided', 'telling'] as const;
type Step = (typeof STEPS)[number];
/** The service with its workers, and by the kernel the Temporal server that it runs; or that server alone. */
const VICTIMS = ['service', 'server'] as const;
/** The short form kills once at each step, `npm run test:crash` ten times. */
const ROUNDS = process.env['FRAMEWARDEN_CRASHES'] === undefined ? 1 : 10;
const KILLS = ROUNDS * STEPS.length;
const SEED = Number(process.env['FRAMEWARDEN_CRASH_SEED'] ?? Date.now() % 1_000_000);
const LEASE_S = 5;
const LONGEST_MS = 240_000 + KILLS * 40_000;
const ACCOUNT = '1234567890123456';
const ENV = { FRAMEWARDEN_SECRET_KEY: 'a secret of thirty-two signs ....' };
const READY = /^(\{"endpoint".*\})\n/m;

const random = randomFrom(SEED);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let place: CommandPlace;
let receiver: Receiver;
let service: Command;
let reviewer: Browser;
let call: Call;

beforeAll(async () => {
  process.stdout.write(`Killing a service in ${KILLS} reviews, FRAMEWARDEN_CRASH_SEED=${SEED}\n`);
  await build();
  place = await commandPlace();
  receiver = await startReceiver();
  mkdirSync(place.path('stills'));
  runFfmpeg('-i', samplePath('cockatoo.mp4'), '-frames:v', '1', place.path('stills', 'parrot.png'));
  writeFileSync(place.path('policy.yaml'), stringify(ASKING));
  writeFileSync(place.path('service.yaml'), stringify(configuration()));
  const key = await place.run(['key', 'create', '--account', ACCOUNT, '--json'], ENV);
  const { accessKeyId, accessKeySecret } = JSON.parse(key.stdout) as Record<string, string>;
  const { endpoint, firstAdminUrl } = await serve(0);
  call = immClient({ endpoint, key: { accessKeyId: accessKeyId!, secret: accessKeySecret!, securityToken: null } });
  reviewer = new Browser(endpoint);
  const secret = firstAdminUrl.split('/').at(-1) ?? '';
  const joined = await reviewer.ask('POST', `/links/${secret}`, {
    body: { name: 'rin', password: 'long enough it is' },
  });
  expect(joined.status).toBe(200);
}, LONGEST_MS);
afterAll(async () => {
  await place.remove();
  await receiver.close();
});

/** Nothing passes without a person, and whoever takes a task and goes keeps it for seconds only. */
const ASKING = {
  version: 1,
  scenes: { porn: { detectors: { nsfwjs: { review: 0.11 } }, window: { k: 1, n: 1 }, atMost: 'review' } },
  coverage: { minimum: 0 },
  control: { share: 0 },
  review: { deadline: '1d', onDeadline: 'review', lease: `${LEASE_S}s`, qualityShare: 0 },
};

function configuration(): unknown {
  return {
    version: 1,
    listen: { port: 0 },
    accounts: [{ id: ACCOUNT }],
    projects: [{ name: 'uploads', account: ACCOUNT, policy: 'policy.yaml', notify: ['moderation'] }],
    sources: { buckets: [{ match: 'stills', directory: place.path('stills') }] },
    topics: [{ name: 'moderation', url: receiver.url, format: 'imm', secrets: [newSecret()] }],
    notifications: { longestWait: '1s' },
  };
}

/** Starts the service where it was before. */
async function serve(port: number): Promise<Record<'endpoint' | 'firstAdminUrl', string>> {
  const args = ['serve', '--config', place.path('service.yaml'), '--json', '--port', String(port)];
  service = place.start(args, ENV);
  await service.tells(READY);
  return JSON.parse(READY.exec(service.told)![1]!) as Record<'endpoint' | 'firstAdminUrl', string>;
}

/** Kills, and has the service back where it was. */
async function strike(victim: (typeof VICTIMS)[number]): Promise<void> {
  const servers = childrenIn(place.path('data', 'children')).filter(isServer);
  expect(kill(...{ service: [service.pid], server: servers.map(({ pid }) => pid) }[victim])).toBe(true);
  if (victim === 'server') return;
  await service.ended;
  await eventually(() => place.programs().length === 0, 'no program to be left after a kill');
  await serve(Number(reviewer.endpoint.split(':')[1]));
}

/** Asks again until it is answered as wanted, while nobody is there to answer or nobody knows yet: what a page does, too. */
async function insist(
  method: string,
  path: string,
  body: unknown,
  isWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  let last: Answer | undefined;
  for (const startedAt = performance.now(); performance.now() - startedAt < 60_000;) {
    last = await reviewer.ask(method, path, { body }).catch(() => undefined);
    if (last !== undefined && isWanted(last)) return last;
    await pause(200);
  }
  throw new Error(`Expected ${path} to be answered, got ${last === undefined ? 'nothing' : last.text}`);
}

/** Takes this task, also one that another tab of the same person took and lost: its lease ends in seconds. */
async function take(taskId: string): Promise<string> {
  const { body } = await insist('POST', `/tasks/${taskId}/claim`, undefined, ({ status }) => status === 200);
  return (body as unknown as Claim).claimId;
}

async function decide(taskId: string, claimId: string, decisionId: string): Promise<Answer['body']> {
  const decision = { decisionId, claimId, suggestion: 'pass', reason: null, reasonCode: 'harmless' };
  const isKnown = ({ status, body }: Answer): boolean => status < 500 && body['outcome'] !== 'pending';
  return (await insist('POST', `/tasks/${taskId}/decide`, decision, isKnown)).body;
}

/** What the receiver was told of a task, by message: ids, and the suggestions that they carry. */
function told(taskId: string): Map<string, unknown> {
  const messages = receiver.delivered().map((message) => ({ id: message.id, content: contentOf(message) }));
  const about = messages.filter(({ content }) => content['TaskId'] === taskId);
  return new Map(
    about.map(({ id, content }) => [id, (content['ModerationResult'] as { Suggestion: string }).Suggestion]),
  );
}

/** One review, in which at one step the victim is killed. */
async function review(taskId: string, step: Step, victim: (typeof VICTIMS)[number]): Promise<void> {
  const soon = async (): Promise<void> => {
    await pause(random() * 60);
    await strike(victim);
  };
  if (step === 'claiming')
    await Promise.all([reviewer.ask('POST', `/tasks/${taskId}/claim`).catch(() => null), soon()]);
  let claimId = await take(taskId);
  if (step === 'claimed') {
    await strike(victim);
    claimId = await take(taskId);
  }
  const decisionId = randomUUID();
  if (step === 'telling') receiver.next('hang');
  const deciding = decide(taskId, claimId, decisionId);
  if (step === 'deciding') await soon();
  const view = await deciding;
  expect(view).toMatchObject({ outcome: 'accepted', revision: 2, suggestion: 'pass' });
  if (step === 'telling') {
    const isHeard = () => receiver.received.some(({ behaviour }) => behaviour === 'hang');
    await eventually(isHeard, 'the receiver to hear of the decision');
  }
  if (step === 'decided' || step === 'telling') await strike(victim);
  // Told again what it has accepted, it says the same.
  expect(await decide(taskId, claimId, decisionId)).toMatchObject({ outcome: 'accepted', revision: 2 });
  receiver.received.forEach((each) => {
    if (each.behaviour === 'hang') each.behaviour = 'drop';
  });
}

test(
  'whatever is killed while a person claims and decides, the decision is there once and told, and no task is held by nobody',
  async () => {
    const victims = drawVictims([...VICTIMS, ...VICTIMS, 'service'] as const, KILLS, random);
    const taskIds: string[] = [];
    for (const [index, victim] of victims.entries()) {
      const created = await call('CreateImageModerationTask', {
        ProjectName: 'uploads',
        SourceURI: 'oss://stills/parrot.png',
        Scenes: '["porn"]',
      });
      const taskId = String(created['TaskId']);
      taskIds.push(taskId);
      expect(await resultOf(call, 'uploads', taskId)).toMatchObject({ ModerationResult: { Suggestion: 'review' } });
      await eventually(() => told(taskId).size === 1, 'the receiver to hear of the verdict');
      await review(taskId, STEPS[index % STEPS.length]!, victim);
    }
    for (const taskId of taskIds) {
      await eventually(() => told(taskId).size === 2, `the receiver to hear of the decision on ${taskId}`);
      expect([...told(taskId).values()].sort()).toEqual(['pass', 'review']);
    }
    const revisions = await place.stores(({ records }) => Promise.all(taskIds.map((id) => records.revisions(id))));
    expect(revisions.map((each) => each.map(({ origin, reviewer: by }) => [origin, by]))).toEqual(
      taskIds.map(() => [
        ['machine', null],
        ['person', 'rin'],
      ]),
    );
    expect((await reviewer.ask('GET', '/queue')).body).toMatchObject({ rows: [] });
    const check = await place.run(['audit', 'verify'], ENV);
    expect([check.code, check.stdout]).toEqual([0, expect.stringMatching(/whole/i)]);
    const read = await place.stores(
      async ({ records }) => await records.audit.page({ kinds: ['task-read'], limit: 1000 }),
    );
    // What the workflow and the service each tell of a decision is one event.
    expect(read.map(({ taskId }) => taskId).sort()).toEqual([...taskIds].sort());
  },
  LONGEST_MS,
);
