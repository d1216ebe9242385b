import { openRecordStore } from '../../../src/store/postgres/open-record-store.js';
import { emptyPostgres } from '../../support/postgres.js';
import { banksContract } from '../banks-contract.js';

banksContract('Postgres', async () => openRecordStore(await emptyPostgres()));
