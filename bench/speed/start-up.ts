import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStores } from '../../src/deps.js';

/** Seconds from typing the command. */
export interface StartUp {
  /** A frame is decoded and given to the detectors. */
  firstFrameS: number;
  /** A whole segment, half of the video, is classified and its observations are on disk. */
  firstSegmentS: number;
  /** The verdict is printed. */
  verdictS: number;
  /** The process has ended: evidence kept, everything stopped. */
  endS: number;
}

const SAMPLE = join('samples', 'cockatoo.mp4');
const LOOK_MS = 10;

/** `framewarden moderate samples/cockatoo.mp4`, the second and later times that a data directory is used; the fastest of them. */
export async function measureStartUp(times: number): Promise<StartUp[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'framewarden-bench-'));
  try {
    await runCommand(dataDir);
    const runs: StartUp[] = [];
    for (let run = 0; run < times; run++) runs.push(await runCommand(dataDir));
    return runs;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function runCommand(dataDir: string): Promise<StartUp> {
  const { records } = await openStores({ dataDir, databaseUrl: null, blobs: null });
  const known = new Set((await records.listTasks({ limit: 1000 })).map(({ request }) => request.taskId));
  const startedAtMs = Date.now();
  const startedAt = performance.now();
  const since = (): number => (performance.now() - startedAt) / 1000;
  // An open task would be gone on with; what an earlier run left to be reviewed is one.
  const command = spawn('./framewarden', ['--data', dataDir, 'moderate', SAMPLE, '--fresh', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(command, 'exit');
  let [firstFrameS, firstSegmentS, verdictS] = [NaN, NaN, NaN];
  command.stdout.once('data', () => (verdictS = since()));
  while (command.exitCode === null && Number.isNaN(firstSegmentS)) {
    if (Number.isNaN(firstFrameS)) {
      const task = (await records.listTasks({ limit: 1000 })).find(({ request }) => !known.has(request.taskId));
      if (task !== undefined && (await records.attempts(task.request.taskId)).length > 0) firstFrameS = since();
    }
    if (await blobPutSince(dataDir, startedAtMs)) firstSegmentS = since();
    await sleep(LOOK_MS);
  }
  await exited;
  await records.close();
  return { firstFrameS, firstSegmentS, verdictS, endS: since() };
}

/** Observations that are equal to those of the run before go to the same blob, which is then marked as put again. */
async function blobPutSince(dataDir: string, instantMs: number): Promise<boolean> {
  const blobs = join(dataDir, 'blobs');
  const names = (await readdir(blobs, { recursive: true })).filter((name) => /[0-9a-f]{62}$/.test(name));
  const found = await Promise.all(names.map((name) => stat(join(blobs, name))));
  return found.some((file) => file.isFile() && file.mtimeMs >= instantMs);
}
