/** A hash has 256 bits. */
export const WORDS_PER_HASH = 8;
/** One table for each 16 bits of a hash. */
const TABLES = 16;
const KEYS = 65_536;
/** Below this many hashes comparing with each is faster than asking the tables, which take 4 MB whatever they hold. */
const LINEAR_BELOW = 4096;
/** Above this many candidates, bits are spread unevenly and it pays to look which tables to ask how far. */
const MANY_CANDIDATES = 8192;
/** The farthest that the tables answer: every one asked for keys with at most 1 other bit finds all within 31, because 16 × 2 bits would be 32. */
const INDEXED_DISTANCE = 2 * TABLES - 1;

/** Calls back with each row within a distance; the order is of no meaning. */
export type HashIndex = (
  hash: Uint32Array,
  maxDistance: number,
  visit: (row: number, distance: number) => void,
) => void;

/** For each of 16 bits: where the rows with each value of it lie. */
interface Table {
  /** Of each key the index of its first row in `rows`, and at the end their number. */
  starts: Uint32Array;
  rows: Uint32Array;
}

/** By how much keys may differ in a table, and which keys those are. */
const MASKS: readonly Uint16Array[] = [masks(0), masks(1), masks(2)];

/**
 * Multi-index hashing (Norouzi, Punjani, Fleet 2012): hashes within 31 bits share at least one of their 16 words of 16 bits up to one bit. How far each table
 * is asked is chosen for each question (by the general pigeonhole principle all radii of at least −1, not asked, whose sum is distance − 15 will do), so that
 * bits that many hashes share cost little.
 * @param words 8 a hash; 68 bytes a hash and 4 MB are taken beside them
 */
export function createHashIndex(words: Uint32Array): HashIndex {
  const steps = indexInSteps(words);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same in steps of a few hundredths of a second for a million hashes, between which others may have the thread. */
export function* indexInSteps(words: Uint32Array): Generator<undefined, HashIndex, undefined> {
  const count = words.length / WORDS_PER_HASH;
  if (count < LINEAR_BELOW) {
    return (hash, maxDistance, visit) => {
      scan(words, hash, maxDistance, visit);
    };
  }
  const tables: Table[] = [];
  for (let table = 0; table < TABLES; table++) {
    tables.push(tableOf(words, count, table));
    yield;
  }
  const keys = new Uint16Array(TABLES);
  return (hash, maxDistance, visit) => {
    if (maxDistance > INDEXED_DISTANCE) {
      scan(words, hash, maxDistance, visit);
      return;
    }
    for (let table = 0; table < TABLES; table++) keys[table] = keyAt(hash, 0, table);
    const radii = radiiFor(tables, keys, maxDistance);
    for (let table = 0; table < TABLES; table++) {
      const radius = radii[table] ?? -1;
      if (radius < 0) continue;
      const { starts, rows } = tables[table] as Table;
      for (const mask of MASKS[radius] as Uint16Array) {
        const key = (keys[table] as number) ^ mask;
        const end = starts[key + 1] as number;
        for (let at = starts[key] as number; at < end; at++) {
          const row = rows[at] as number;
          const distance = distanceWithin(words, row * WORDS_PER_HASH, hash, maxDistance);
          if (distance <= maxDistance && isFirst(words, row, hash, radii, table)) visit(row, distance);
        }
      }
    }
  };
}

/** Compares with every hash. */
export function scan(
  words: Uint32Array,
  hash: Uint32Array,
  maxDistance: number,
  visit: (row: number, distance: number) => void,
): void {
  for (let row = 0, at = 0; at < words.length; row++, at += WORDS_PER_HASH) {
    const distance = distanceWithin(words, at, hash, maxDistance);
    if (distance <= maxDistance) visit(row, distance);
  }
}

function tableOf(words: Uint32Array, count: number, table: number): Table {
  const starts = new Uint32Array(KEYS + 1);
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) (starts[keyAt(words, row, table) + 1] as number)++;
  for (let key = 0; key < KEYS; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number);
  const next = starts.slice(0, KEYS);
  for (let row = 0; row < count; row++) {
    const key = keyAt(words, row, table);
    rows[next[key] as number] = row;
    (next[key] as number)++;
  }
  return { starts, rows };
}

function keyAt(words: Uint32Array, row: number, table: number): number {
  const word = words[row * WORDS_PER_HASH + (table >> 1)] as number;
  return (table & 1) === 0 ? word >>> 16 : word & 0xffff;
}

/**
 * The distance, or some number above the limit. The first half decides almost always: a processor that foresees that is at the next hash, which is in memory far
 * away, before it is through with this one. That takes half the time of looking after each word.
 */
function distanceWithin(words: Uint32Array, at: number, hash: Uint32Array, limit: number): number {
  const half =
    ones((words[at] as number) ^ (hash[0] as number)) +
    ones((words[at + 1] as number) ^ (hash[1] as number)) +
    ones((words[at + 2] as number) ^ (hash[2] as number)) +
    ones((words[at + 3] as number) ^ (hash[3] as number));
  if (half > limit) return half;
  return (
    half +
    ones((words[at + 4] as number) ^ (hash[4] as number)) +
    ones((words[at + 5] as number) ^ (hash[5] as number)) +
    ones((words[at + 6] as number) ^ (hash[6] as number)) +
    ones((words[at + 7] as number) ^ (hash[7] as number))
  );
}

function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Whether no table asked before this one has found the row, which several may find. */
function isFirst(words: Uint32Array, row: number, hash: Uint32Array, radii: Int8Array, table: number): boolean {
  for (let before = 0; before < table; before++) {
    if (ones(keyAt(words, row, before) ^ keyAt(hash, 0, before)) <= (radii[before] as number)) return false;
  }
  return true;
}

/** How far each table is asked: the radii that give the fewest candidates, among those that find everything. */
function radiiFor(tables: readonly Table[], keys: Uint16Array, maxDistance: number): Int8Array {
  const even = new Int8Array(TABLES).fill(maxDistance >= TABLES ? 1 : 0);
  if (maxDistance < TABLES - 1) return even;
  const costs = (radius: number) => tables.map((table, index) => candidates(table, keys[index] as number, radius));
  const near = costs(1);
  const least = maxDistance === INDEXED_DISTANCE && sum(near) <= MANY_CANDIDATES;
  return least ? even : cheapest([costs(0), near, costs(2)], maxDistance - (TABLES - 1));
}

function candidates({ starts }: Table, key: number, radius: number): number {
  let count = 0;
  for (const mask of MASKS[radius] as Uint16Array) {
    const other = key ^ mask;
    // Each key that is asked costs about as much as a candidate.
    count += 1 + (starts[other + 1] as number) - (starts[other] as number);
  }
  return count;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/**
 * Radii from −1 to 2, one a table, whose sum is `total`, with the least cost: a knapsack over the tables.
 * @param costs by radius 0–2 and table
 */
function cheapest(costs: readonly (readonly number[])[], total: number): Int8Array {
  const width = total + TABLES + 1;
  // best[table][sum + table]: least cost of the tables before this one with this sum of radii.
  let best: number[] = Array<number>(width).fill(Infinity);
  best[0] = 0;
  const choices: Int8Array[] = [];
  for (let table = 0; table < TABLES; table++) {
    const next = Array<number>(width).fill(Infinity);
    const chosen = new Int8Array(width);
    for (let spent = 0; spent < width; spent++) {
      const before = best[spent] as number;
      for (let radius = -1; radius <= 2 && spent + radius + 1 < width; radius++) {
        const cost = before + (costs[radius]?.[table] ?? 0);
        const at = spent + radius + 1;
        if (cost >= (next[at] as number)) continue;
        next[at] = cost;
        chosen[at] = radius;
      }
    }
    best = next;
    choices.push(chosen);
  }
  const radii = new Int8Array(TABLES);
  let at = total + TABLES;
  for (let table = TABLES - 1; table >= 0; table--) {
    const radius = (choices[table] as Int8Array)[at] as number;
    radii[table] = radius;
    at -= radius + 1;
  }
  return radii;
}

/** Every number of 16 bits of which at most `radius` are set. */
function masks(radius: number): Uint16Array {
  const found = [0];
  for (let first = 0; first < 16 && radius > 0; first++) {
    found.push(1 << first);
    for (let second = 0; second < first && radius > 1; second++) found.push((1 << first) | (1 << second));
  }
  return Uint16Array.from(found);
}
