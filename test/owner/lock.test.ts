import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tryLock } from '../../src/owner/lock.js';
import { build, ROOT } from '../support/build.js';

let dataDir: string;
beforeAll(build);
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'framewarden-lock-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

/** Another process that holds the lock until it is killed. */
async function holder() {
  const module = pathToFileURL(join(ROOT, 'dist/owner/lock.js')).href;
  const script = `
    const { tryLock } = await import(${JSON.stringify(module)});
    globalThis.lock = tryLock(${JSON.stringify(dataDir)});
    console.log('held');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a data directory', () => {
  test('is held by one at a time, and free once it is let go', () => {
    const lock = tryLock(dataDir);
    expect(lock).not.toBeNull();
    expect(tryLock(dataDir)).toBeNull();
    lock?.release();
    const next = tryLock(dataDir);
    expect(next).not.toBeNull();
    next?.release();
  });

  test('of another process is free once that was killed', async () => {
    const other = await holder();
    expect(tryLock(dataDir)).toBeNull();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = tryLock(dataDir);
    expect(lock).not.toBeNull();
    lock?.release();
  });
});
