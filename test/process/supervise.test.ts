import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reapLeftovers } from '../../src/process/children.js';
import { outputOf } from '../../src/process/output.js';
import { processStartTime } from '../../src/process/start-time.js';
import { EXEC_WRAPPER, startSupervised, supervisedArgs } from '../../src/process/supervise.js';

const scratch = mkdtempSync(join(tmpdir(), 'framewarden-process-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const MODES = ['auto', 'watch'] as const;

async function untilGone(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    if (processStartTime(pid) === null) return true;
    await sleep(20);
  }
  return false;
}

describe.each(MODES)('a supervised program, by %s', (watch) => {
  test('has its own pid, arguments as they are, and its exit code', async () => {
    const text = "two words, a 'quote' and $HOME";
    const { stdout } = await outputOf('sh', ['-c', 'echo "$$ $1"', 'sh', text], { watch });
    expect(stdout).toMatch(/^\d+ two words, a 'quote' and \$HOME\n$/);
    const started = startSupervised('sh', ['-c', 'echo $$; exit 7'], { watch });
    let shown = '';
    started.child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    expect(await started.ended).toEqual({ exitCode: 7, signal: null });
    expect(Number(shown)).toBe(started.pid);
  });

  test('ends when the process that started it is killed', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(${JSON.stringify(EXEC_WRAPPER)}, ${JSON.stringify([...supervisedArgs('sleep', {}, watch), '300'])});
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (chunk: Buffer) => {
        resolve(Number(chunk));
      });
    });
    // Not before the wrapper has become the program.
    while (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('sleep')) await sleep(10);
    parent.kill('SIGKILL');
    expect(await untilGone(pid)).toBe(true);
  });

  test('ends by SIGTERM, or by SIGKILL when it does not listen', async () => {
    const polite = startSupervised('sleep', ['300'], { watch });
    expect(await polite.stop(5000)).toEqual({ exitCode: null, signal: 'SIGTERM' });
    const deaf = startSupervised('sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.1; done"], { watch });
    await new Promise((resolve) => deaf.child.stdout?.once('data', resolve));
    expect(await deaf.stop(100)).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(await deaf.stop(100)).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  test('cannot go beyond its limits', async () => {
    const limits = { memoryBytes: 512 * 2 ** 20, cpuS: 7, fileBytes: 1024 * 4096 };
    const { stdout } = await outputOf('sh', ['-c', 'ulimit -v; ulimit -t; ulimit -f'], { watch, limits });
    expect(stdout.split('\n')).toEqual(['524288', '7', '8192', '']);
  });

  test('that does not exist ends with 127 and is named', async () => {
    const { exitCode, stderr } = await outputOf('no-such-program-here', [], { watch });
    expect(exitCode).toBe(127);
    expect(stderr).toContain('no-such-program-here: not found');
  });
});

test('a program is ended by its signal, and the call rejects with the reason', async () => {
  const controller = new AbortController();
  const running = outputOf('sleep', ['300'], { signal: controller.signal });
  controller.abort(new Error('no longer wanted'));
  await expect(running).rejects.toThrow('no longer wanted');
});

test('lines of a program that writes much are handed over one by one', async () => {
  const lines: string[] = [];
  const script = 'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done; printf end';
  await outputOf('sh', ['-c', script], { onLine: (line) => lines.push(line) });
  expect(lines.length).toBe(20001);
  expect([lines[0], lines[19999], lines[20000]]).toEqual(['line 0', 'line 19999', 'end']);
});

type Sleeper = ReturnType<typeof spawn>;
const processOf = (pid = 0) => ({ pid, startTime: processStartTime(pid) });

describe('running programs are recorded', () => {
  test('until they have ended', async () => {
    const childrenDir = join(scratch, 'recorded');
    const started = startSupervised('sleep', ['300'], { childrenDir });
    expect(readdirSync(childrenDir)).toEqual([`${started.pid}.json`]);
    await started.stop(1000);
    await sleep(0);
    expect(readdirSync(childrenDir)).toEqual([]);
  });

  test('where the disk takes it, and are held all the same where it does not', async () => {
    const noDirectory = join(scratch, 'full');
    writeFileSync(noDirectory, '');
    const started = startSupervised('sleep', ['300'], { childrenDir: join(noDirectory, 'children') });
    expect(await started.stop(1000)).toMatchObject({ signal: 'SIGTERM' });
  });

  test('so that those a crash left behind are killed, and nobody else', async () => {
    const childrenDir = join(scratch, 'left');
    const [left, other, used] = [1, 2, 3].map(() => spawn('sleep', ['300'])) as [Sleeper, Sleeper, Sleeper];
    const [gone, living] = [{ pid: spawnSync('true').pid, startTime: 'before' }, processOf(process.pid)];
    // Of three processes that run, one was left by a process that is gone, one has the pid of such a one, and one works for a process that runs.
    const records = [
      { ...processOf(left.pid), parent: gone },
      { ...processOf(other.pid), startTime: 'some/other/time', parent: gone },
      { ...processOf(used.pid), parent: living },
    ];
    mkdirSync(childrenDir);
    for (const [index, record] of records.entries()) {
      writeFileSync(join(childrenDir, `${index}.json`), JSON.stringify({ ...record, program: 'sleep' }));
    }
    writeFileSync(join(childrenDir, '3.json'), '{"pid":');
    expect(reapLeftovers(childrenDir)).toBe(1);
    expect(await untilGone(left.pid ?? 0)).toBe(true);
    for (const { pid } of [other, used]) expect(processStartTime(pid ?? 0)).not.toBeNull();
    expect(readdirSync(childrenDir)).toEqual(['2.json']);
    expect(reapLeftovers(join(scratch, 'absent'))).toBe(0);
    for (const each of [other, used]) each.kill('SIGKILL');
  });

  test('with the process that started them', async () => {
    const childrenDir = join(scratch, 'parent');
    const started = startSupervised('sleep', ['300'], { childrenDir });
    const [file = ''] = readdirSync(childrenDir);
    const parent = processOf(process.pid);
    expect(JSON.parse(readFileSync(join(childrenDir, file), 'utf8'))).toMatchObject({ pid: started.pid, parent });
    expect(reapLeftovers(childrenDir)).toBe(0);
    expect(await started.stop(1000)).toMatchObject({ signal: 'SIGTERM' });
  });
});

test('a process is named by its pid and start time', async () => {
  expect(processStartTime(process.pid)).toBe(processStartTime(process.pid));
  const { pid } = spawnSync('true');
  expect(processStartTime(pid)).toBeNull();
  const first = startSupervised('sleep', ['300']);
  await sleep(30);
  const second = startSupervised('sleep', ['300']);
  expect(processStartTime(first.pid)).not.toBe(processStartTime(second.pid));
  await Promise.all([first.stop(1000), second.stop(1000)]);
});
