import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Turns } from './turns.js';

/** OWASP's Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1, which takes 128 MiB and about a third of a second. */
const COST = { ln: 17, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** What a stored hash may ask for at most: whoever could write one must not be able to take the memory of the machine. */
const MOST_LN = 20;
/** Memory that scrypt takes, as Node counts it, with some to spare. */
const memoryOf = (ln: number, r: number): number => 128 * 2 ** ln * r + 32 * 1024 * 1024;

/** Hashing takes memory and the threads that files are read by: two at a time, and no more waiting than are answered within some seconds. */
const turns = new Turns(2, 30);

const STORED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/**
 * What is stored of a password: salted scrypt in the PHC string format, with its parameters.
 * @throws {BusyError} when too many are being hashed
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await turns.take(() => derive(password, salt, COST, KEY_BYTES));
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(key)}`;
}

/**
 * Whether a password is the one that was stored. `null`, for somebody who has none or is not there, takes as long and is `false`.
 * @throws {BusyError} when too many are being hashed
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, ln, r, p, salt = '', key = ''] = STORED.exec(stored ?? '') ?? [];
  if (ln === undefined || Number(ln) > MOST_LN) {
    await turns.take(() => derive(password, randomBytes(SALT_BYTES), COST, KEY_BYTES));
    return false;
  }
  const expected = Buffer.from(key, 'base64');
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const found = await turns.take(() => derive(password, Buffer.from(salt, 'base64'), cost, expected.length));
  return timingSafeEqual(found, expected);
}

function derive(
  password: string,
  salt: Buffer,
  { ln, r, p }: { ln: number; r: number; p: number },
  bytes: number,
): Promise<Buffer> {
  const options = { N: 2 ** ln, r, p, maxmem: memoryOf(ln, r) };
  return new Promise((resolve, reject) => {
    // The same letters may arrive composed or not, by keyboard and system.
    scrypt(password.normalize('NFKC'), salt, bytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
