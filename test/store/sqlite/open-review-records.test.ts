import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '../../../src/store/sqlite/shared-database.js';
import { membersContract } from '../members-contract.js';
import { policyVersionsContract } from '../policy-versions-contract.js';
import { queueOffersContract } from '../queue-offers-contract.js';
import { queueQualityContract } from '../queue-quality-contract.js';
import { readingsContract } from '../readings-contract.js';
import { reviewQueueContract } from '../review-queue-contract.js';

let directory: string;
let n = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-review-records-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const open = () => useDatabase(join(directory, `${++n}.db`));

reviewQueueContract('SQLite', open);
queueOffersContract('SQLite', open);
readingsContract('SQLite', open);
queueQualityContract('SQLite', open);
membersContract('SQLite', open);
policyVersionsContract('SQLite', open);
