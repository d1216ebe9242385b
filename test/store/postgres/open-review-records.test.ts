import { useDatabase } from '../../../src/store/postgres/shared-database.js';
import { newPostgres } from '../../support/postgres.js';
import { queueOffersContract } from '../queue-offers-contract.js';
import { readingsContract } from '../readings-contract.js';
import { reviewQueueContract } from '../review-queue-contract.js';

const open = async () => useDatabase(await newPostgres());

reviewQueueContract('Postgres', open);
queueOffersContract('Postgres', open);
readingsContract('Postgres', open);
