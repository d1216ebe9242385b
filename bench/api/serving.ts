import { openPlace } from './place.js';

/** A process of its own: tells its parent how it is reached, and ends when told. */
const place = await openPlace(Number(process.argv[2]));
process.send?.({ ...place, close: undefined });
process.once('message', () => {
  void place.close().then(() => {
    process.disconnect();
  });
});
