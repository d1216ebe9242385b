import { sql } from 'kysely';
import { nonceDigest } from '../nonce-digest.js';
import type { NonceStore } from '../nonces.js';
import { useDatabase } from './shared-database.js';

/** Every so many uses, twice as many expired nonces are removed: more go than come, and no call pays for all. */
const PRUNE_EVERY = 64;

/**
 * Opens the nonces in the record store's Postgres database, which all API processes share wherever they run. What was used survives the end of every
 * client; a crash of the database server itself forgets it.
 * @param now milliseconds since 1970
 * @throws {MigrationFailedError}
 */
export async function openNonces(url: string, now: () => number = Date.now): Promise<NonceStore> {
  const { db, close } = await useDatabase(url);
  let uses = 0;
  return {
    async use(accessKeyId, nonce, expiresAtMs) {
      if (++uses % PRUNE_EVERY === 0)
        await sql`
          delete from nonces where digest in
            (select digest from nonces where expires_ms < ${now()} order by expires_ms limit ${2 * PRUNE_EVERY})`.execute(
          db,
        );
      const digest = nonceDigest(accessKeyId, nonce);
      const { numAffectedRows } = await sql`
        insert into nonces (digest, expires_ms) values (${digest}, ${expiresAtMs}) on conflict do nothing`.execute(db);
      return numAffectedRows === 1n;
    },
    close,
  };
}
