import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { cpuOfChildren, cpuOfProcess, statFields } from './programs.js';
import type { Measured } from './measured.js';

/** Starts to count what this process and its children use; the answer is the sum since then. */
export function startMeter(): () => Pick<Measured, 'wallS' | 'cpuS' | 'cpu' | 'eventLoop'> {
  const loopBefore = performance.eventLoopUtilization();
  const [startedAt, before] = [performance.now(), cpuNow()];
  return () => {
    const wallS = (performance.now() - startedAt) / 1000;
    const now = cpuNow();
    const cpu = {
      ffmpegS: now.ffmpegS - before.ffmpegS,
      nodeS: now.nodeS - before.nodeS,
      temporalS: now.temporalS - before.temporalS,
    };
    const eventLoop = performance.eventLoopUtilization(loopBefore).utilization;
    return { wallS, cpu, cpuS: cpu.ffmpegS + cpu.nodeS + cpu.temporalS, eventLoop };
  };
}

function cpuNow(): Measured['cpu'] {
  const servers = children(process.pid).filter((pid) => nameOf(pid) === 'temporal');
  // What has ended by now are ffmpeg and ffprobe: the server runs on.
  return {
    ffmpegS: cpuOfChildren(),
    nodeS: cpuOfProcess('self'),
    temporalS: servers.reduce((sum, pid) => sum + cpuOfProcess(pid), 0),
  };
}

/** Bytes of memory that a process, and those of its children that are ffmpeg, hold at this moment, shared libraries in each. */
export function memoryOf(pid: number): number {
  const decoders = children(pid).filter((child) => nameOf(child).startsWith('ff'));
  return [pid, ...decoders].reduce((sum, each) => sum + residentBytes(each), 0);
}

function children(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statFields(pid)?.[1]) === parent);
}

function nameOf(pid: number): string {
  return orEmpty(`/proc/${pid}/comm`).trim();
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(orEmpty(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** A process may end at any moment. */
function orEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
