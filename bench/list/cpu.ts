import { readFileSync } from 'node:fs';

/** Starts to count the CPU time of this process and of others; the answer is milliseconds since then, which a busy machine does not add to. */
export function startCpu(others: readonly number[]): () => number {
  const [own, theirs] = [process.cpuUsage(), cpuMsOf(others)];
  return () => {
    const { user, system } = process.cpuUsage(own);
    return (user + system) / 1000 + cpuMsOf(others) - theirs;
  };
}

/** On Linux to the nanosecond. */
function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
}
