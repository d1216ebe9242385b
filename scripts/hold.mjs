// A lock between commands that start at once, from nothing but Node: no package is installed yet.
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cacheDir = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits until no other living process holds `name`; answers the function that lets go of it. */
export async function hold(name) {
  const path = join(cacheDir, `${name}.lock`);
  await mkdir(cacheDir, { recursive: true });
  for (let waits = 0; ; waits += 1) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
    // Zero: it is being written at this moment; a second look tells a crash from that.
    if (holder > 0 ? !isAlive(holder) : waits > 20) await rm(path, { force: true });
    else if (waits === 10) console.error(`Waiting for another command (process ${holder}) that is setting up …`);
    await sleep(100);
  }
}
