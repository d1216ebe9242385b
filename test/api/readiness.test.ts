import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { operatorRoutes } from '../../src/api/operators.js';
import { openStores } from '../../src/deps.js';
import { createMetrics } from '../../src/metrics.js';
import { WorkersFailedError } from '../../src/worker.js';

test('a service whose workers failed is not ready, and says why, while all else is there', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'framewarden-ready-'));
  const { records } = await openStores({ dataDir, databaseUrl: null, blobs: null });
  const failed = new AbortController();
  const readiness = {
    temporal: () => undefined,
    store: () => records.findTask(''),
    blobs: () => undefined,
    workers: () => {
      failed.signal.throwIfAborted();
    },
  };
  const app = fastify();
  operatorRoutes(app, { readiness, notices: () => [], metrics: createMetrics(), records });
  const ready = async () => {
    const { statusCode, body } = await app.inject('/readyz');
    return [statusCode, JSON.parse(body)] as unknown;
  };
  const all = { temporal: 'ok', store: 'ok', blobs: 'ok', notices: [] };
  expect(await ready()).toEqual([200, { ...all, status: 'ready', workers: 'ok' }]);
  failed.abort(new WorkersFailedError(new Error('refused')));
  const workers = expect.stringContaining('failed for good (refused)') as string;
  expect(await ready()).toEqual([503, { ...all, status: 'not ready', workers }]);
  await app.close();
  await records.close();
  rmSync(dataDir, { recursive: true });
});
