import { useDatabase } from '../../../src/store/postgres/shared-database.js';
import { emptyPostgres } from '../../support/postgres.js';
import { membersContract } from '../members-contract.js';
import { policyVersionsContract } from '../policy-versions-contract.js';
import { queueOffersContract } from '../queue-offers-contract.js';
import { queueQualityContract } from '../queue-quality-contract.js';
import { readingsContract } from '../readings-contract.js';
import { reviewQueueContract } from '../review-queue-contract.js';

const open = async () => useDatabase(await emptyPostgres());

reviewQueueContract('Postgres', open);
queueOffersContract('Postgres', open);
readingsContract('Postgres', open);
queueQualityContract('Postgres', open);
membersContract('Postgres', open);
policyVersionsContract('Postgres', open);
