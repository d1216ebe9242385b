import { openPlace } from './place.js';

/** A process of its own: tells its parent how it is reached, and ends when told. */
const [waiting, reviewers, databaseUrl] = process.argv.slice(2);
const place = await openPlace(Number(waiting), Number(reviewers), databaseUrl ?? null);
process.send?.({ ...place, close: undefined });
process.once('message', () => {
  void place.close().then(() => {
    process.disconnect();
  });
});
