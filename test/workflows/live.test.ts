import { createDetectors, type DetectorSet } from '../../src/detectors/registry.js';
import { loadPolicy } from '../../src/policy.js';
import { redecide } from '../../src/store/redecide.js';
import { cancelTask } from '../../src/temporal/tasks.js';
import { build } from '../support/build.js';
import { FLAWS, flawedClip } from '../support/flawed-clip.js';
import { openInstallation, samplePath, start, until, type TestInstallation } from '../support/installation.js';
import { clipDirectory } from '../support/make-video.js';

const clips = clipDirectory();
let installation: TestInstallation;
let set: DetectorSet;
beforeAll(async () => {
  await build();
  set = await createDetectors({ threads: 1, scenes: ['live'] });
  installation = await openInstallation((deps) => ({ ...deps, detectors: set.detectors }));
  await installation.startWorkers();
});
afterAll(async () => {
  await installation.close();
  await set.close();
  clips.remove();
});

test('a video with defects waits for a person, who is told which and where; one without passes', async () => {
  const loaded = await loadPolicy();
  const { policy } = loaded;
  const name = 'display-dual-monitors.webm';
  const flawed = flawedClip(clips, 'flawed.mp4', samplePath(name), { first: 225, last: 269 }, 15);
  const asking = { policy, options: { scenes: ['live' as const] } };
  const [bad, good] = [await start(installation, flawed, asking), await start(installation, samplePath(name), asking)];

  const { ModerationResult: found } = await until(installation, bad, 'verdict');
  // Of its evidence nothing is asked.
  await cancelTask(installation.tasks, bad);
  expect(found).toMatchObject({ Suggestion: 'review', Categories: ['live'] });
  const kinds = found!.Details.Findings.map(({ Class }) => Class);
  expect([...kinds].sort()).toEqual(['black', 'blurred', 'flashing', 'frozen']);
  for (const { Class, Start, End, Scene } of found!.Details.Findings) {
    expect(Scene).toBe('live');
    const { startS, endS } = { ...FLAWS, frozen: { startS: 15, endS: 18 } }[Class]!;
    expect(Math.abs(Start - startS)).toBeLessThanOrEqual(1);
    expect(Math.abs(End - endS)).toBeLessThanOrEqual(1);
  }
  expect(found!.Frames.BlockFrames.map(({ Label }) => Label)).toEqual(['live', 'live', 'live', 'live']);
  expect(found!.Details.Scenes.Inspected).toEqual(['live']);

  const [recorded] = await installation.records.revisions(bad);
  expect(await redecide(installation, bad, loaded)).toEqual(recorded!.verdict);

  const { ModerationResult: nothing } = await until(installation, good, 'verdict');
  expect(nothing).toMatchObject({ Suggestion: 'pass', Categories: [] });
});
