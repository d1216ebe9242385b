import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark, removeLeftovers } from '../../src/process/leftovers.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'framewarden-leftovers-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('what a process left that is gone is removed, files and directories; what a living one uses stays', async () => {
  const mine = processMark();
  // The pid of a process that has ended, and ours with the start of another.
  const gone = mine.replace(/-\d+-/, `-${spawnSync('true').pid}-`);
  const reused = mine.replace(/[0-9a-f]{8}\.$/, '00000000.');
  for (const mark of [mine, gone, reused]) writeFileSync(join(directory, `${mark}file`), 'x');
  mkdirSync(join(directory, `${gone}directory`));
  writeFileSync(join(directory, `${gone}directory`, 'clip.mp4'), 'x');
  await removeLeftovers(directory);
  expect(readdirSync(directory)).toEqual([`${mine}file`]);
});

test('what another machine or container uses stays for an hour', async () => {
  const other = processMark().replace(/^[0-9a-f]{8}/, '00000000');
  for (const name of ['new', 'old']) writeFileSync(join(directory, `${other}${name}`), 'x');
  const overAnHourAgo = new Date(Date.now() - 3_700_000);
  utimesSync(join(directory, `${other}old`), overAnHourAgo, overAnHourAgo);
  await removeLeftovers(directory);
  expect(readdirSync(directory)).toEqual([`${other}new`]);
});

test('a directory that is not there is made', async () => {
  await removeLeftovers(join(directory, 'deep', 'tmp'));
  expect(readdirSync(join(directory, 'deep'))).toEqual(['tmp']);
});
