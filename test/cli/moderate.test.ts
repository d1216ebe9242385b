import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../support/build.js';
import { commandPlace, policyFile, resultsOf, type CommandEnd, type CommandPlace } from '../support/cli.js';
import { PARROT } from '../support/clips.js';
import { fakeProgram } from '../support/fake-program.js';
import { samplePath } from '../support/installation.js';

// Key frames only: what is tested is what becomes of results, and the parrot is suspicious on those too.
const QUICK = ['--scenes', 'porn', '--sampling', 'keyframe'];

let place: CommandPlace;
/** `moderate` on a directory with a harmless video, the parrot and a file that is none, and on a pattern that names one of them again. */
let several: CommandEnd;
let parrot: string;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  mkdirSync(place.path('videos', 'deep'), { recursive: true });
  copyFileSync(PARROT, place.path('videos', 'deep', 'parrot.MP4'));
  copyFileSync(samplePath('realshort.mp4'), place.path('videos', 'realshort.mp4'));
  writeFileSync(place.path('videos', 'broken.mp4'), 'Not a video.');
  writeFileSync(place.path('videos', 'notes.txt'), 'Not the name of a video.');
  several = await place.run(['moderate', 'videos', 'videos/real*.mp4', ...QUICK, '--json', '--frames', 'frames']);
  parrot = resultsOf(several).find(({ ModerationResult }) => ModerationResult?.Suggestion === 'review')?.TaskId ?? '';
});
afterAll(() => place.remove());

/** The real ffmpeg, held where it is to encode a clip: evidence of the command that is given it is under way until that ends. */
function ffmpegWithoutClips(place: CommandPlace): string {
  const script = 'case "$*" in *libx264*) while :; do sleep 0.1; done;; esac; exec ffmpeg "$@"';
  return fakeProgram(place.path('holding'), 'ffmpeg', script);
}

/** Blocks on the parrot's worst key frame: both detectors, one sample. */
const strictPolicy = (): string => policyFile(place, 'strict.yaml', 0.11, { k: 1, n: 1 });

test('with --json every video is one line on stdout with the documented keys, each video once', () => {
  const results = resultsOf(several);
  expect(several.stdout.trim().split('\n')).toHaveLength(3);
  const names = results.map(({ ModerationResult }) => ModerationResult?.URI.split('/').at(-1)).sort();
  expect(names).toEqual(['parrot.MP4', 'realshort.mp4', undefined]);
  for (const result of results) {
    const failed = result.Status === 'Failed';
    expect(Object.keys(result)).toEqual([
      ...['ProjectName', 'EventId', 'TaskId', 'TaskType', 'UserData', 'Status', 'Code', 'Message'],
      ...['StartTime', 'EndTime', ...(failed ? [] : ['ModerationResult'])],
    ]);
    expect([result.Code, result.Message].every((text) => (text === '') !== failed)).toBe(true);
  }
});

test('the exit code is that of the worst video', () => {
  expect(several.code).toBe(30);
});

test('where nothing can be redrawn, progress and outcomes are plain lines on stderr, totals the last', () => {
  const lines = several.stderr.trim().split('\n');
  expect(lines).toContain('realshort.mp4: probing');
  expect(lines).toContainEqual(expect.stringMatching(/^parrot\.MP4: classifying 0\/\d+ samples$/));
  expect(lines).toContainEqual(expect.stringMatching(/^! failed {2}broken\.mp4 {2}Unreadable, in /));
  expect(lines).toContainEqual(
    expect.stringMatching(/^\? review {2}parrot\.MP4 {2}porn at 0:00–0:03, \d+ samples, in /),
  );
  expect(lines.at(-1)).toBe('3 videos: 1 failed, 1 review, 1 pass');
  // Nothing that a terminal would have to interpret, and nothing from the machinery.
  expect(several.stderr).not.toMatch(/[\u001B\r{]/);
});

test('--frames writes the frames that justify a verdict and a contact sheet, for that video only', () => {
  expect(readdirSync(place.path('frames'))).toEqual([parrot]);
  const files = readdirSync(place.path('frames', parrot));
  expect(files).toContain('contact-sheet.jpg');
  expect(files).toContainEqual(expect.stringMatching(/^0-03-sample-\d+\.jpg$/));
  for (const file of files) {
    const bytes = readFileSync(place.path('frames', parrot, file));
    expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  }
});

test('interrupted while evidence is kept, the same command tells the same verdict again and keeps it', async () => {
  const args = ['moderate', PARROT, ...QUICK, '--interval', '2', '--json'];
  const first = place.start(args, { FRAMEWARDEN_FFMPEG: ffmpegWithoutClips(place) });
  await first.tells(/"Suggestion":"review"/);
  first.kill('SIGINT');
  const interrupted = await first.ended;
  const second = await place.run(args);
  expect([interrupted.code, second.code]).toEqual([130, 10]);
  expect(second.stderr).toContain('Going on with VideoModeration-');
  expect(resultsOf(second)).toEqual(resultsOf(interrupted));
  const { TaskId } = resultsOf(second)[0]!;
  expect((await place.stores(({ records }) => records.evidence(TaskId))).length).toBeGreaterThan(1);
});

test('a command leaves no program and no temporary file', () => {
  expect(place.programs()).toEqual([]);
  expect(place.leftFiles()).toEqual([]);
});

/** How commands that ran at once on one directory ended. */
let ends: CommandEnd[];

test('several commands on one directory at once each get the outcome of their own video', async () => {
  const strict = strictPolicy();
  const videos = place.path('videos');
  ends = await Promise.all([
    place.run(['moderate', join(videos, 'realshort.mp4'), ...QUICK]),
    place.run(['moderate', join(videos, 'deep', 'parrot.MP4'), ...QUICK, '--fresh', '--explain']),
    place.run(['moderate', join(videos, 'deep', 'parrot.MP4'), ...QUICK, '--policy', strict]),
    place.run(['moderate', join(videos, 'broken.mp4'), ...QUICK]),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([0, 10, 20, 30]);
  const [passed, reviewed, blocked, failed] = ends.map(({ stdout }) => stdout);
  expect(passed).toMatch(/^ PASS {2}realshort\.mp4 .*\n\nReason /);
  expect(reviewed).toMatch(/^ REVIEW .*Next +framewarden review show .*Time +Sample +Detector +Reached +Scores/s);
  expect(blocked).toMatch(/^ BLOCK .*nsfwjs \+ open-nsfw/s);
  expect(failed).toMatch(/^ FAILED .*Unreadable: /s);
  expect(place.programs()).toEqual([]);
});

test('without --frames the verdict is told before evidence is kept, and the command ends after that', async () => {
  const { stderr, stdout } = ends[1]!;
  const lines = stderr.split('\n');
  const told = lines.findIndex((line) => line.startsWith('? review  parrot.MP4'));
  const kept = lines.findIndex((line) => /^parrot\.MP4: \d+ frames? and 1 clip kept as evidence$/.test(line));
  expect([told >= 0, kept > told]).toEqual([true, true]);
  const [taskId] = /VideoModeration-\S+/.exec(stdout)!;
  const evidence = await place.stores(({ records }) => records.evidence(taskId));
  expect(evidence.filter(({ kind }) => kind === 'clip')).toHaveLength(1);
});

describe('afterwards', () => {
  test('tasks and show read what is kept without a server, ids may be shortened', async () => {
    const [short, tasks] = [parrot.slice('VideoModeration-'.length, -20), await place.run(['tasks', '--json'])];
    expect(resultsOf(tasks)).toHaveLength(8);
    const [shown, asJson] = await Promise.all([place.run(['show', short]), place.run(['show', parrot, '--json'])]);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(parrot)]);
    expect(resultsOf(asJson)).toEqual(resultsOf(several).filter(({ TaskId }) => TaskId === parrot));
    expect(shown.stderr + asJson.stderr).toBe('');
  });

  test('a review is listed, and passed by a command that starts all it needs and ends it again', async () => {
    const before = await place.run(['review', 'list', '--json']);
    expect(resultsOf(before).map(({ TaskId }) => TaskId)).toContain(parrot);
    const decided = await place.run(['review', 'pass', parrot, '--reason', 'A parrot.', '--reviewer', 'ann']);
    expect([decided.code, decided.stdout]).toEqual([0, `${parrot}: pass, recorded as revision 2 by ann.\n`]);
    expect([place.programs(), place.leftFiles()]).toEqual([[], []]);
    const after = await place.run(['review', 'list', '--json']);
    expect(resultsOf(after).map(({ TaskId }) => TaskId)).not.toContain(parrot);
    const shown = await place.run(['show', parrot]);
    expect(shown.stdout).toMatch(/^ PASS .*Decided by +ann \(person\), .*A parrot\./s);
  });

  test('redecide tells what another policy makes of a task, records it when told to, and never over a person', async () => {
    const strict = strictPolicy();
    const waiting = resultsOf(await place.run(['review', 'list', '--json']))[0]?.TaskId ?? '';
    const whatIf = await place.run(['redecide', waiting, '--policy', strict]);
    expect([whatIf.code, whatIf.stdout]).toEqual([0, expect.stringMatching(/suggestion +review → block/)]);
    const applied = await place.run(['redecide', waiting, '--policy', strict, '--apply']);
    expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('Recorded as revision 2: block.\n')]);
    const same = await place.run(['redecide', waiting, '--policy', strict]);
    expect(same.stdout).toMatch(/suggestion +block\n/);
    const overPerson = await place.run(['redecide', parrot, '--policy', strict, '--apply']);
    expect([overPerson.code, overPerson.stderr]).toEqual([2, expect.stringContaining("is ann's decision")]);
    const origins = await place.stores(({ records }) => records.revisions(parrot));
    expect(origins.map(({ origin }) => origin)).toEqual(['machine', 'person']);
  });
});
