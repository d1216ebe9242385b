import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'libsql';
import { nonceDigest } from '../nonce-digest.js';
import type { NonceStore } from '../nonces.js';

/** Milliseconds that a write waits for another process's; one takes a fraction of a millisecond. */
const BUSY_TIMEOUT_MS = 10_000;
/** Every so many uses, twice as many expired nonces are removed: more go than come, and no call pays for all. */
const PRUNE_EVERY = 64;

/**
 * Opens the nonces in a SQLite file of their own, which is made, with its directory, when missing; any number of processes may have it open.
 * What was used survives the end of every process, but not a power cut, which loses the latest ones: no use waits for the disk.
 * @param now milliseconds since 1970
 */
export async function openNonces(path: string, now: () => number = Date.now): Promise<NonceStore> {
  await mkdir(dirname(path), { recursive: true });
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  database.pragma('journal_mode = wal');
  // Only a checkpoint, every few hundred uses, waits for the disk. `off` would save that and let a power cut damage the file, and with it every Create.
  database.pragma('synchronous = normal');
  database.exec(`
    create table if not exists nonces (digest blob primary key, expires_ms integer not null) without rowid;
    create index if not exists nonces_by_expiry on nonces (expires_ms);`);
  const insert = database.prepare('insert into nonces (digest, expires_ms) values (?, ?) on conflict do nothing');
  const prune = database.prepare(
    'delete from nonces where digest in (select digest from nonces where expires_ms < ? order by expires_ms limit ?)',
  );
  let uses = 0;
  let open = true;
  return {
    // The driver is synchronous; a throw of it has to reject.
    use: (accessKeyId, nonce, expiresAtMs) =>
      new Promise((resolve) => {
        if (++uses % PRUNE_EVERY === 0) prune.run(now(), 2 * PRUNE_EVERY);
        resolve(insert.run(nonceDigest(accessKeyId, nonce), expiresAtMs).changes === 1);
      }),
    close() {
      if (open) database.close();
      open = false;
      return Promise.resolve();
    },
  };
}
