import { readdirSync } from 'node:fs';
import { openStores } from '../../src/deps.js';
import { build } from '../support/build.js';
import { commandPlace, eventually, policyFile, resultsOf, type CommandEnd, type CommandPlace } from '../support/cli.js';
import { coveredTo, crash, randomFrom, repeated, type Victim } from '../support/crash.js';
import { samplePath } from '../support/installation.js';
import { runFfmpeg } from '../support/make-video.js';

/** The short form kills once of each kind; `npm run test:crash` kills 30 times. */
const KILLS = Number(process.env['FRAMEWARDEN_CRASHES'] ?? 3);
const SEED = Number(process.env['FRAMEWARDEN_CRASH_SEED'] ?? Date.now() % 1_000_000);
/** Longest way of one kill: waiting for work, a second of it, and a new start. */
const KILL_MS = 40_000;

/**
 * Samples of one segment that a crash may have classified once more, as entered in `attempts`. Entered ahead: 16, of which 3 are in flight. Classified
 * since the last heartbeat that arrived: it is made every 200 ms and held back for 250 ms at most, and one decoder on one core gives 22 samples a
 * second at best (a sample of this video is 20 frames of 720p, 45 ms), so 10.
 */
const REPEATED = 16 + 10;

let place: CommandPlace;
let args: string[];
let undisturbed: CommandEnd;
beforeAll(
  async () => {
    await build();
    place = await commandPlace();
    const video = place.path('long.mp4');
    // Work for about half a second between two kills, and some to spare.
    runFfmpeg('-stream_loop', String(4 + 3 * KILLS), '-i', samplePath('cockatoo.mp4'), '-c', 'copy', video);
    // The long form makes evidence too, of the parrot's worst second in every round; in the short one it would take as long as all else.
    const policy = policyFile(place, 'policy.yaml', KILLS > 3 ? 0.955 : 1, { k: 3, n: 5 });
    args = ['moderate', video, '--scenes', 'porn', '--max-frames', '3600', '--policy', policy, '--json'];
    undisturbed = await place.run([...args, '--data', place.path('undisturbed')]);
  },
  300_000 + KILLS * KILL_MS,
);
afterAll(() => place.remove());

const random = randomFrom(SEED);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function attempts() {
  return place.stores(async ({ records }) => {
    const [task] = await records.listTasks({ limit: 1 });
    return task === undefined ? [] : records.attempts(task.request.taskId);
  });
}

const entered = async () => (await attempts()).reduce((sum, { from, to }) => sum + to - from, 0);

/** Kinds of victims in their order: in the short form each once, in the long one by chance. */
function victims(): Victim[] {
  const kinds: Victim[] = ['server', 'worker', 'everything'];
  const more: Victim[] = [...kinds, 'decoder'];
  return Array.from({ length: KILLS }, (_, index) => kinds[index] ?? more[Math.floor(random() * more.length)]!);
}

/** Starts the command, kills, starts it again, until it is done; answers how it ended and how often something was killed. */
async function disturbed(): Promise<{ end: CommandEnd; killed: Victim[] }> {
  const killed: Victim[] = [];
  let command = place.start(args);
  for (const [index, victim] of victims().entries()) {
    const before = await entered();
    // One of three from the fourth on comes at any moment: while things start, before anything was done, while evidence is made.
    const anywhere = index >= 3 && random() < 1 / 3;
    if (!anywhere)
      await eventually(async () => command.hasEnded || (await entered()) > before, 'samples to be classified', 120);
    await pause(random() * (anywhere ? 4000 : 1000));
    if (command.hasEnded) break;
    if (!crash(victim, command, place)) continue;
    killed.push(victim);
    if (victim === 'server' || victim === 'decoder') continue;
    await command.ended;
    await eventually(() => place.programs().length === 0, 'no program to be left 10 s after a kill', 10);
    command = place.start(args);
  }
  return { end: await command.ended, killed };
}

test(
  'whatever is killed, the same command comes to the same result, and repeats no more than what was in flight',
  async () => {
    process.stdout.write(`Crash test: ${KILLS} kills, FRAMEWARDEN_CRASH_SEED=${SEED}\n`);
    const { end, killed } = await disturbed();
    const code = KILLS > 3 ? 10 : 0;
    // With what they told, so that it is shown when one of them is another.
    expect([undisturbed, end].map((each) => [each.code, each.code === code ? '' : each.stderr])).toEqual([
      [code, ''],
      [code, ''],
    ]);
    expect(killed.length).toBeGreaterThanOrEqual(KILLS * 0.8);
    expect(end.stderr).toMatch(/Going on with VideoModeration-/);
    const [expected, result] = [resultsOf(undisturbed)[0]!, resultsOf(end)[0]!];
    expect(result.ModerationResult).toEqual(expected.ModerationResult);

    const [calm, own] = [await openStores(place.path('undisturbed')), await openStores(place.dataDir)];
    try {
      const { TaskId } = result;
      expect(await own.records.observationChunks(TaskId)).toEqual(
        await calm.records.observationChunks(expected.TaskId),
      );
      expect(await own.records.evidence(TaskId)).toEqual(await calm.records.evidence(expected.TaskId));
      const entries = await own.records.attempts(TaskId);
      expect(coveredTo(entries)).toBe(result.ModerationResult!.Frames.TotalCount);
      expect(repeated(entries).filter((samples) => samples > REPEATED)).toEqual([]);
      process.stdout.write(`Killed: ${killed.join(', ')}. Samples entered again: ${repeated(entries).join(', ')}.\n`);
    } finally {
      await Promise.all([calm.records.close(), own.records.close()]);
    }
    // Blobs are named by their content: the same names are the same bytes, and none that nothing refers to.
    expect(readdirSync(place.path('data', 'blobs'), { recursive: true }).sort()).toEqual(
      readdirSync(place.path('undisturbed', 'blobs'), { recursive: true }).sort(),
    );
    expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
  },
  300_000 + KILLS * KILL_MS,
);
