import { digestOf } from '../../src/digest.js';
import type { Policy } from '../../src/schema/policy.js';
import type { ModerationOptions } from '../../src/schema/options.js';
import { redecide } from '../../src/store/redecide.js';
import { cancelTask } from '../../src/temporal/tasks.js';
import { PARROT } from '../support/clips.js';
import { openInstallation, samplePath, start, until, type TestInstallation } from '../support/installation.js';
import { clipDirectory, x264 } from '../support/make-video.js';
import { POLICY } from '../support/verdicts.js';

/** One detector that blocks where it is sure on three of five neighbouring samples; half of the samples are kept for a second pass. */
const CLOSER: Policy = {
  ...POLICY,
  denser: { reserve: 0.5 },
  scenes: {
    porn: {
      detectors: { nsfwjs: { review: 0.5, block: 0.5 }, 'open-nsfw': { review: 1 } },
      window: { k: 3, n: 5 },
      atMost: 'block',
    },
  },
};
const ONCE: Policy = { ...POLICY, scenes: CLOSER.scenes };
/** 12 samples of two minutes are ten seconds apart; six are twenty. */
const TWELVE: Partial<ModerationOptions> = { maxFrames: 12 };

/** How the videos are made, whose size does not matter. */
const QUICKLY = x264(10, '-preset', 'ultrafast');

const clips = clipDirectory();
let installation: TestInstallation;
let parrotAt40: string;
/** What the policy says that looks closer. */
let closer: Awaited<ReturnType<typeof verdictOf>>;
beforeAll(async () => {
  const same = 'fps=5,scale=240:360,setsar=1,format=yuv420p';
  const chair = clips.make('chair.mp4', '-i', samplePath('chair-orig-22-sd-bar.mp4'), '-vf', same, '-an', ...QUICKLY);
  parrotAt40 = clips.make(
    'parrot-at-40.mp4',
    ...['-stream_loop', '-1', '-i', chair, '-i', PARROT],
    '-filter_complex',
    `[0:v]${same},trim=duration=120,split[a][b];[a]trim=end=37,setpts=PTS-STARTPTS[before];[b]trim=start=43,setpts=PTS-STARTPTS[after];` +
      `[1:v]${same},trim=start=4:end=10,setpts=PTS-STARTPTS[parrot];[before][parrot][after]concat=n=3,trim=duration=120`,
    ...['-an', ...QUICKLY],
  );
  installation = await openInstallation();
  await installation.startWorkers();
  closer = await verdictOf(CLOSER);
}, 120_000);
afterAll(async () => {
  await installation.close();
  clips.remove();
});

async function verdictOf(policy: Policy, options: Partial<ModerationOptions> = TWELVE) {
  const taskId = await start(installation, parrotAt40, { policy, options });
  const { ModerationResult: result } = await until(installation, taskId, 'verdict');
  const revision = await installation.records.latestRevision(taskId);
  return { taskId, result: result!, verdict: revision!.verdict };
}

/** The same, of whose evidence, which takes longer than all else, nothing is asked. */
async function verdictAlone(policy: Policy, options?: Partial<ModerationOptions>) {
  const reached = await verdictOf(policy, options);
  await cancelTask(installation.tasks, reached.taskId);
  return reached;
}

test('what one sample of a long video met is looked at closer, and then known for what it is', async () => {
  const { taskId, result, verdict } = closer;
  expect(result.Suggestion).toBe('block');
  expect(result.Frames.TotalCount).toBe(12);
  expect(result.Details.Coverage).toMatchObject({ Inspected: 12, Planned: 12, Denser: 6 });
  const offsets = result.Frames.BlockFrames.map(({ Offset }) => Offset);
  expect(offsets.length).toBeGreaterThanOrEqual(3);
  for (const offset of offsets) expect(Math.abs(offset - 40)).toBeLessThanOrEqual(3);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  expect(result.Details.Detectors.find(({ Name }) => Name === 'nsfwjs')?.Samples).toBe(12);

  const stores = { records: installation.records, blobs: installation.blobs };
  expect(await redecide(stores, taskId, { policy: CLOSER, policyDigest: digestOf(CLOSER) })).toEqual(verdict);
  await installation.client.workflow.getHandle(taskId).result();
  const evidence = await installation.records.evidence(taskId);
  expect(evidence.map(({ sample }) => sample).sort()).toEqual(verdict.blockFrames.map(({ sample }) => sample).sort());
});

test('a policy that keeps no samples for that asks a person', async () => {
  const { result } = await verdictAlone(ONCE);
  expect(result).toMatchObject({ Suggestion: 'review', Frames: { TotalCount: 12 } });
  expect(result.Details.Coverage).not.toHaveProperty('Denser');
});

test('two runs look at the same samples and say the same to the last byte', async () => {
  const second = await verdictAlone(CLOSER);
  expect(JSON.stringify(second.result)).toBe(JSON.stringify(closer.result));
  const chunksOf = (taskId: string) => installation.records.observationChunks(taskId);
  expect(await chunksOf(second.taskId)).toEqual(await chunksOf(closer.taskId));
});

test('nothing is looked at twice where nothing was suspicious, or where a block is certain and enough', async () => {
  const blind = { ...CLOSER, scenes: { porn: { ...CLOSER.scenes.porn!, detectors: { nsfwjs: { review: 1 } } } } };
  const harmless = await verdictAlone(blind);
  expect(harmless.result).toMatchObject({ Suggestion: 'pass', Frames: { TotalCount: 6 } });
  expect(harmless.result.Details.Coverage).toMatchObject({ Inspected: 6, Planned: 6 });

  const detectors = { nsfwjs: { review: 0.5, block: 0.5, alone: true } };
  const soon = { ...CLOSER, earlyStop: true, scenes: { porn: { ...CLOSER.scenes.porn!, detectors } } };
  const blocked = await verdictAlone(soon);
  expect(blocked.result.Suggestion).toBe('block');
  expect(blocked.result.Details.Coverage).not.toHaveProperty('Denser');
});

test('detectors that have a last word hear of the grid alone, and what all said is kept', async () => {
  const options = { ...TWELVE, scenes: ['porn' as const, 'live' as const] };
  const live = { detectors: { defects: { review: 0.8 } }, window: { k: 3, n: 5 }, atMost: 'review' as const };
  const { taskId, result } = await verdictAlone({ ...CLOSER, scenes: { ...CLOSER.scenes, live } }, options);
  expect(result.Suggestion).toBe('block');
  expect(result.Details.Coverage.Scenes).toEqual([
    { Scene: 'porn', Inspected: 12 },
    { Scene: 'live', Inspected: 6 },
  ]);
  const plan = (await installation.records.findTask(taskId))?.plan;
  const chunks = await installation.records.observationChunks(taskId);
  expect(plan).toMatchObject({ count: 6, denser: { parts: 20 } });
  expect(chunks.filter(({ from, to }) => to > from).map(({ to }) => to)).toEqual(expect.arrayContaining([6, 12]));
});
