import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Policy } from '../../src/schema/policy.js';
import { build, ROOT } from '../support/build.js';
import { commandPlace, type CommandPlace } from '../support/cli.js';
import { samplePath } from '../support/installation.js';

const cockatoo = samplePath('cockatoo.mp4');

let place: CommandPlace;
beforeAll(async () => {
  await build();
  place = await commandPlace();
  mkdirSync(place.path('empty'));
  const policy = readFileSync(join(ROOT, 'policies', 'default.yaml'), 'utf8');
  const unequal = parse(policy) as Policy;
  unequal.scenes.porn!.detectors = { nsfwjs: { review: 0.9, block: 0.5 } };
  writeFileSync(place.path('unequal.yaml'), stringify(unequal));
  writeFileSync(place.path('policy.yaml'), policy.replace('version: 1', 'version: 2'));
});
afterAll(() => place.remove());

/** What is wrong, what must be said of it, and the command. */
const wrong: [string, RegExp, string[], Record<string, string>?][] = [
  ['an interval of 0', /--interval: expected 1 to 600, got 0\./, ['moderate', cockatoo, '--interval', '0']],
  ['text for a number', /--max-frames.*whole number/i, ['moderate', cockatoo, '--max-frames', 'many']],
  ['an unknown scene', /nudity/, ['moderate', cockatoo, '--scenes', 'porn,nudity']],
  ['no scene at all', /Expected some of porn, .*, got ""\./, ['moderate', cockatoo, '--scenes', '']],
  ['a file for a data directory', /--data\).*policy\.yaml.*it is no directory/, ['--data', 'policy.yaml', 'tasks']],
  ['data below a file', /--data\).*policy\.yaml is no directory/, ['--data', 'policy.yaml/data', 'tasks']],
  ['data where there can be none', /--data\).*"\/proc\/nope"/, ['--data', '/proc/nope', 'moderate', cockatoo]],
  [
    'a policy that is not there',
    /none\.yaml.*: there is no such file\./,
    ['moderate', cockatoo, '--policy', 'none.yaml'],
  ],
  [
    'a policy that contradicts itself',
    /unequal\.yaml.*:\n {2}scenes\.porn\.detectors\.nsfwjs: Expected review ≤ block, got \{"review":0\.9/,
    ['moderate', cockatoo, '--policy', 'unequal.yaml'],
  ],
  [
    'a configuration that is not there',
    /none\.yaml is no .*:\n {2}there is no such file\./,
    ['config', 'check', 'none.yaml'],
  ],
  ['scenes that nothing looks for', /at least one scene/, ['moderate', cockatoo, '--scenes', 'terrorism']],
  ['a file that is not there', /found nothing there/, ['moderate', 'missing.mp4']],
  ['a directory without videos', /no file with the name/, ['moderate', 'empty']],
  ['a pattern that matches nothing', /matches no file/, ['moderate', 'empty/*.mp4']],
  ['a policy of another version', /policy\.yaml.*version/s, ['moderate', cockatoo, '--policy', 'policy.yaml']],
  ['no file at all', /missing required argument/, ['moderate']],
  ['an unknown command', /unknown command/, ['moderat', cockatoo]],
  ['an unknown option', /unknown option '--intervall'/, ['moderate', cockatoo, '--intervall', '2']],
  ['too many cores', /--threads.*1 to 256/, ['--threads', '999', 'moderate', cockatoo]],
  ['a malformed address', /TEMPORAL_ADDRESS.*host:port/, ['moderate', cockatoo], { TEMPORAL_ADDRESS: 'nowhere' }],
  ['a worker without a cluster', /TEMPORAL_ADDRESS/, ['worker']],
];

test('what is called wrongly is told in a sentence, ends with 2, and starts nothing', async () => {
  // A few at a time: each is a process of its own, and every case has the same to show.
  const failures: string[] = [];
  const waiting = [...wrong];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const [what, said, args, env] = item;
      const { code, stdout, stderr } = await place.run(args, env);
      const lines = stderr.trim().split('\n');
      if (code !== 2 || stdout !== '' || !said.test(stderr) || lines.length > 3 || /\n\s+at /.test(stderr)) {
        failures.push(`${what}: ${code} ${stderr}`);
      }
    }
  };
  await Promise.all([next(), next(), next()]);
  expect(failures).toEqual([]);
  expect(existsSync(place.dataDir)).toBe(false);
});

test('an id that no task has is told, and ends with 2', async () => {
  const ends = await Promise.all([
    place.run(['show', 'nothing']),
    place.run(['review', 'pass', 'nothing']),
    place.run(['cancel', 'nothing']),
  ]);
  for (const { code, stderr } of ends) {
    expect(code).toBe(2);
    expect(stderr).toMatch(/^framewarden: Expected the id of a task, found none for nothing: framewarden tasks/);
  }
  expect(existsSync(place.path('data', 'temporal.db'))).toBe(false);
});

test('an empty installation has no tasks and no reviews', async () => {
  const [tasks, reviews] = await Promise.all([place.run(['tasks']), place.run(['review', 'list'])]);
  expect([tasks.code, tasks.stdout]).toEqual([0, expect.stringContaining('There are no tasks yet')]);
  expect([reviews.code, reviews.stdout]).toEqual([0, 'Nothing waits for a review.\n']);
});

test('--help tells every command and what exit codes mean', async () => {
  const { code, stdout } = await place.run(['--help']);
  expect(code).toBe(0);
  for (const command of ['moderate', 'tasks', 'show', 'cancel', 'redecide', 'review', 'worker']) {
    expect(stdout).toContain(`\n  ${command} `);
  }
  expect(stdout).toMatch(/Exit codes: 0 pass.*10 review, 20 block, 30 failed.*2 wrong usage, 130 interrupted/);
});

test('--version prints the version and nothing else', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(await place.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});
