import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { openBoundedLog } from '../../src/temporal/bounded-log.js';
import { freePort } from '../../src/temporal/free-port.js';
import { ServerStartError, startServer } from '../../src/temporal/server.js';
import { fakeProgram } from '../support/fake-program.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'framewarden-temporal-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the embedded server', () => {
  test('that does not start is reported with the end of its log', async () => {
    const path = fakeProgram(join(dataDir, 'bin'), 'temporal', 'echo "unable to open database file" >&2; exit 14');
    const options = { dataDir, childrenDir: join(dataDir, 'children'), binary: { path, serverVersion: '1.29.1' } };
    const start = startServer({ ...options, say: () => undefined, signal: new AbortController().signal });
    const error = await start.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServerStartError);
    expect((error as ServerStartError).logTail).toBe('unable to open database file');
  });

  test('takes another port when the one of the last time is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as { port: number };
    expect(await freePort(port)).not.toBe(port);
    occupant.close();
    await once(occupant, 'close');
    expect(await freePort(port)).toBe(port);
  });

  test('keeps a log of bounded size that ends with the newest lines', () => {
    const path = join(dataDir, 'temporal.log');
    for (const lines of [
      ['1', '2', '3'],
      ['4', '5'],
    ]) {
      const log = openBoundedLog(path, 100);
      for (const line of lines) log.write(Buffer.from(`${line.repeat(59)}\n`));
      log.close();
    }
    expect(readFileSync(path, 'utf8')).toMatch(/5\n$/);
    expect(statSync(path).size).toBeLessThanOrEqual(160);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(160);
  });

  test('goes without the lines of its log that a full disk does not take', () => {
    const path = join(dataDir, 'temporal.log');
    symlinkSync('/dev/full', path);
    const log = openBoundedLog(path, 100);
    expect(() => {
      log.write(Buffer.from('lost\n'));
    }).not.toThrow();
    log.close();
  });
});
