import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { readRequest } from '../../src/api/read-request.js';
import { authenticate } from '../../src/auth/authenticate.js';
import { recentNonces } from '../../src/auth/recent-nonces.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { useDatabase } from '../../src/store/sqlite/shared-database.js';
import { moderated } from '../reference/moderated.js';
import { openBenchService } from '../reference/service.js';

/** What the load is put on; all of it in one process, which is not the one that makes the load. */
export interface Place {
  key: AccessKey;
  /** `host:port` of the service and of the bare route. */
  service: string;
  bare: string;
  /** Of the embedded Temporal server. */
  address: string;
  namespace: string;
  /** A task that a worker has moderated to the end. */
  taskId: string;
}

/** Opens everything and answers how it is reached, and how it ends. */
export async function openPlace(openTasks: number): Promise<Place & { close(): Promise<void> }> {
  const service = await openBenchService();
  const { key, records, owner } = service;
  const workers = await service.startWorkers();
  const taskId = await moderated(service.endpoint, key);
  // Workers would take from the cores what is measured here; nothing that is measured needs one.
  await workers.close();
  const record = await records.findTask(taskId);
  if (record === null) throw new Error('Expected the task to be recorded.');
  for (let n = 0; n < openTasks; n++)
    await records.createTask({ ...record.request, taskId: `VideoModeration-open-${n}` }, record.startTime);

  const use = await useDatabase(service.database);
  const bare = Fastify();
  bare.removeAllContentTypeParsers();
  bare.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const against = { keys: new Map([[key.accessKeyId, key]]), readNonces: recentNonces() };
  bare.post('/', async (incoming) => {
    const asked = readRequest(incoming);
    await authenticate(asked, {
      keys: { find: (id) => Promise.resolve(against.keys.get(id) ?? null) },
      nonces: against.readNonces,
      readNonces: against.readNonces,
      policiesOf: () => [],
      now: Date.now(),
      writes: false,
    });
    const id = asked.query.find(([name]) => name === 'TaskId')?.[1] ?? '';
    return use.db.selectFrom('tasks').selectAll().where('task_id', '=', id).executeTakeFirstOrThrow();
  });
  await bare.listen({ host: '127.0.0.1', port: 0 });
  const { port } = bare.server.address() as AddressInfo;
  return {
    key,
    service: service.endpoint,
    bare: `127.0.0.1:${port}`,
    address: owner.target.address,
    namespace: owner.target.namespace,
    taskId,
    async close() {
      await bare.close();
      await use.close();
      await service.close();
    },
  };
}
