import { build } from '../support/build.js';
import { commandPlace, eventually, policyFile, resultsOf, type Command, type CommandPlace } from '../support/cli.js';
import { childrenIn, CRASH_VIDEOS, crashVideo, drawVictims, isDecoder, isServer } from '../support/crash.js';
import { kill, oneOf, randomFrom } from '../support/crash.js';
import { slowModel, type SlowModel } from '../support/slow-model.js';
import { blobsOf, expectSameOutcome, samplesEntered, taskFor } from '../support/crash-outcome.js';

/** The short form kills once of each kind while a model takes its time; `npm run test:crash` kills 30 times, on three videos. */
const KILLS = Number(process.env['FRAMEWARDEN_CRASHES'] ?? 4);
const SEED = Number(process.env['FRAMEWARDEN_CRASH_SEED'] ?? Date.now() % 1_000_000);
/** The command with its workers, and by the kernel all that it had started; the Temporal server alone; one decoder alone; or all at once. */
const VICTIMS = ['server', 'command', 'decoder', 'everything'] as const;
type Victim = (typeof VICTIMS)[number];

const isLong = KILLS > VICTIMS.length;
const videos = isLong ? (['parrot', 'chair', 'headless'] as const) : (['small'] as const);
const kills = Math.ceil(KILLS / videos.length);
/** Longest way of one kill: waiting for work, a second of it, and a new start. */
const LONGEST_MS = 300_000 + kills * 40_000;

/** Samples entered between two kills in the short form: of two segments more than may be classified again. */
const LEAST = isLong ? 0 : 40;

const random = randomFrom(SEED);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let place: CommandPlace;
let model: SlowModel;
beforeAll(async () => {
  process.stdout.write(`Killing commands ${KILLS} times, FRAMEWARDEN_CRASH_SEED=${SEED}\n`);
  await build();
});
beforeEach(async () => {
  place = await commandPlace();
  model = await slowModel(place.path('models'), 0);
});
afterEach(async () => {
  await place.remove();
  await model.close();
});

/** Starts the command, kills, starts it again, until it is done; answers how it ended and what was killed. */
async function disturbed(args: string[]) {
  const killed: Victim[] = [];
  // Some 25 samples a second, of two segments: slow enough to be looked at by a machine that is busy.
  model.takes(200);
  let command = place.start(args);
  for (const [index, victim] of drawVictims(VICTIMS, kills, random).entries()) {
    // One of three from the fifth on comes at any moment: while things start, before anything was done, while evidence is made.
    const anywhere = index >= VICTIMS.length && random() < 1 / 3;
    const before = await samplesEntered(place.dataDir);
    const goesOn = async () => command.hasEnded || (await samplesEntered(place.dataDir)) > before + LEAST;
    if (!anywhere) await eventually(goesOn, 'samples to be classified');
    await pause(random() * (anywhere ? 4000 : 1000));
    if (command.hasEnded) break;
    if (!(await strike(victim, command))) continue;
    killed.push(victim);
    if (victim === 'server' || victim === 'decoder') continue;
    await command.ended;
    await eventually(() => place.programs().length === 0, 'no program to be left after a kill');
    command = place.start(args);
  }
  model.takes(0);
  return { end: await command.ended, killed };
}

/** Kills and answers whether there was something to kill. */
async function strike(victim: Victim, command: Command): Promise<boolean> {
  const children = () => childrenIn(place.path('data', 'children'));
  const decoders = () => children().filter(isDecoder);
  if (victim === 'decoder') await eventually(() => command.hasEnded || decoders().length > 0, 'a decoder to run');
  const victims = {
    server: children().filter(isServer),
    command: [command],
    decoder: [oneOf(decoders(), random)].filter((decoder) => decoder !== undefined),
    everything: [command, ...children()],
  }[victim];
  return kill(...victims.map(({ pid }) => pid));
}

test.each(videos)(
  'whatever is killed, the same command comes to the same result, and repeats no more than what was in flight: %s',
  async (name) => {
    // Work for about a second between two kills, and some to spare.
    const video = crashVideo(name, place.root, isLong ? 4 + 3 * kills : 32);
    // The long form makes evidence too, of the parrot's worst seconds, and asks the models that come along only.
    const policy = policyFile(place, 'policy.yaml', isLong ? 0.955 : 1, { k: 3, n: 5 });
    const asked = isLong ? ['--scenes', 'porn'] : ['--threads', '2', '--scenes', 'terrorism', '--models', 'models'];
    const args = ['moderate', video, ...asked, '--max-frames', '3600', '--policy', policy, '--json'];
    const calm = await place.run([...args, '--data', place.path('calm')]);
    const { end, killed } = await disturbed(args);
    process.stdout.write(`${name}: killed ${killed.join(', ')}.\n`);
    // With what they told, so that it is shown when one of them is another.
    const told = [calm, end].map(({ code, stderr }) => [code, code === 0 || code === 10 ? '' : stderr]);
    expect(told[1]).toEqual(told[0]);
    expect([0, 10]).toContain(end.code);
    expect(killed.length).toBeGreaterThanOrEqual(kills * 0.8);
    expect(end.stderr).toMatch(/Going on with VideoModeration-/);
    expect(resultsOf(end)[0]!.ModerationResult).toEqual(resultsOf(calm)[0]!.ModerationResult);
    expect([place.programs(), place.leftFiles()]).toEqual([[], []]);

    await expectSameOutcome(
      await taskFor(place.path('calm'), CRASH_VIDEOS[name].file),
      await taskFor(place.dataDir, CRASH_VIDEOS[name].file),
    );
    // What was thrown away because a seek point was not safe depends on which segments were under way then.
    if (name !== 'headless') expect(blobsOf(place.dataDir)).toEqual(blobsOf(place.path('calm')));
  },
  LONGEST_MS,
);
