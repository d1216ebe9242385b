import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporalServer } from './temporal-server.js';

/** What a command in miniature tells: the role that it came into, or that the owner has gone. */
export interface OwnerEvent {
  role?: 'owner' | 'attached';
  address?: string;
  installation?: string;
  gone?: 'died' | 'left';
}

/** A process that owns a data directory or attaches to its owner; needs dist/. */
export interface OwnerProcess {
  pid: number;
  /** The next thing that it tells, but for what it says to its user: who waits long, on a machine that is busy, says so. */
  next(): Promise<OwnerEvent>;
  /** Ends it in order, or by SIGKILL. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Starts such a process on a data directory. */
export async function startOwnerProcess(dataDir: string): Promise<OwnerProcess> {
  const { path } = await temporalServer();
  const script = join(__dirname, 'owning-command.mjs');
  const child = spawn(process.execPath, [script, dataDir, dirname(path)], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const ended = once(child, 'exit').then(() => running.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async next() {
      for (;;) {
        const line = await lines.next();
        if (line.done === true) throw new Error('Expected the process to tell something, it has ended.');
        const event = JSON.parse(line.value) as OwnerEvent & { said?: string };
        if (event.said === undefined) return event;
      }
    },
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

/** Kills what a failed test left running. */
export function endOwnerProcesses(): void {
  for (const child of running) child.kill('SIGKILL');
}
