import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecordStore } from '../../../src/store/sqlite/open-record-store.js';
import { banksContract } from '../banks-contract.js';

let directory: string;
let n = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'framewarden-bank-records-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

banksContract('SQLite', () => openRecordStore(join(directory, `${++n}.db`)));
