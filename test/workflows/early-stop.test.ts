import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../src/digest.js';
import type { Policy } from '../../src/schema/policy.js';
import { redecide } from '../../src/store/redecide.js';
import { PARROT } from '../support/clips.js';
import { gate } from '../support/gate.js';
import { openInstallation, samplePath, start, until, type TestInstallation } from '../support/installation.js';
import { longParrot } from '../support/make-video.js';
import { POLICY } from '../support/verdicts.js';

/** Blocks on the parrot's first suspicious sample. */
const STRICT: Policy = {
  ...POLICY,
  scenes: {
    porn: {
      detectors: { nsfwjs: { review: 0.5, block: 0.6, alone: true } },
      window: { k: 1, n: 1 },
      atMost: 'block',
    },
  },
};

const held = gate();
let installation: TestInstallation;
let clips: string;
let long: string;
beforeAll(async () => {
  installation = await openInstallation(held.before);
  await installation.startWorkers();
  clips = await mkdtemp(join(tmpdir(), 'framewarden-clips-'));
  long = join(clips, 'long.mp4');
  // Two segments: the samples from 56 to 70 are in the second one.
  longParrot(long, 8);
});
afterAll(async () => {
  await installation.close();
  await rm(clips, { recursive: true, force: true });
});

async function verdictOf(path: string, policy: Policy) {
  const taskId = await start(installation, path, { policy, options: { maxFrames: 3600 } });
  const body = await until(installation, taskId, 'verdict');
  const revision = await installation.records.latestRevision(taskId);
  return { taskId, details: body.ModerationResult!.Details, verdict: revision!.verdict };
}

test('once a block is certain, what is left is not looked at, and the verdict says so', async () => {
  const policy = { ...STRICT, earlyStop: true };
  held.heldFrom = 70;
  const { taskId, details, verdict } = await verdictOf(long, policy);
  held.heldFrom = Infinity;
  expect(verdict.suggestion).toBe('block');
  const { Inspected, Planned, Skipped, Scenes } = details.Coverage;
  expect(Inspected).toBeGreaterThan(0);
  expect(Inspected).toBeLessThan(Planned);
  expect(Skipped).toHaveLength(1);
  expect(Scenes).toEqual([{ Scene: 'porn', Inspected }]);
  expect(details.Detectors.find(({ Name }) => Name === 'nsfwjs')?.Samples).toBe(Inspected);
  expect(details.Reasons.join(' ')).toContain(`${Inspected} of ${Planned} samples were inspected`);

  const stores = { records: installation.records, blobs: installation.blobs };
  expect(await redecide(stores, taskId, { policy, policyDigest: digestOf(policy) })).toEqual(verdict);
  const lenient = { ...policy, scenes: { porn: { ...STRICT.scenes.porn!, atMost: 'pass' as const } } };
  expect((await redecide(stores, taskId, { policy: lenient, policyDigest: digestOf(lenient) })).suggestion).toBe(
    'review',
  );
  await installation.client.workflow.getHandle(taskId).result();
  expect(await installation.records.evidence(taskId)).not.toEqual([]);
});

test('without that, all of it is looked at', async () => {
  const { details, verdict } = await verdictOf(PARROT, STRICT);
  expect(verdict.suggestion).toBe('block');
  const { Inspected, Planned, Skipped } = details.Coverage;
  expect([Inspected, Skipped]).toEqual([Planned, undefined]);
});

test('a conditional detector looks at fewer samples than are inspected, and the result says at how many', async () => {
  const taskId = await start(installation, samplePath('chair-orig-22-sd-bar.mp4'));
  const { Detectors, Coverage } = (await until(installation, taskId, 'verdict')).ModerationResult!.Details;
  const samples = Object.fromEntries(Detectors.map(({ Name, Samples }) => [Name, Samples]));
  expect(samples['nsfwjs']).toBe(Coverage.Planned);
  expect(samples['open-nsfw']).toBeLessThan(Coverage.Planned);
});
