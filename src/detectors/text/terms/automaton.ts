/** Told of each pattern found, by its number, and the index one past its last unit. */
export type OnFound = (pattern: number, end: number) => void;

/** Finds all of many sequences of code units at once, in time that grows with the text and not with their number. */
export interface Automaton {
  scan(units: readonly number[], found: OnFound): void;
}

const ROOT = 0;
const NONE = -1;

/**
 * The automaton of Aho and Corasick (1975). Edges lie in one table with open addressing: terms are of every script, so that a table of all characters for each node
 * would be too large, and a map for each node too slow.
 */
export function buildAutomaton(patterns: readonly (readonly number[])[]): Automaton {
  const nodes = patterns.reduce((sum, { length }) => sum + length, 1);
  const edges = edgeTable(nodes);
  const parentOf = [NONE];
  const unitOf = [0];
  const ending: number[][] = [[]];
  patterns.forEach((units, pattern) => {
    let node = ROOT;
    for (const unit of units) {
      let next = edges.get(node, unit);
      if (next === NONE) {
        next = parentOf.length;
        edges.set(node, unit, next);
        parentOf.push(node);
        unitOf.push(unit);
        ending.push([]);
      }
      node = next;
    }
    if (node !== ROOT) ending[node]?.push(pattern);
  });
  const { fail, shorter } = failures(edges, parentOf, unitOf, ending);
  const step = (from: number, unit: number): number => {
    let node = from;
    let next = edges.get(node, unit);
    while (next === NONE && node !== ROOT) {
      node = fail[node] ?? ROOT;
      next = edges.get(node, unit);
    }
    return next === NONE ? ROOT : next;
  };
  return {
    scan(units, found) {
      let node = ROOT;
      for (let index = 0; index < units.length; index++) {
        node = step(node, units[index] ?? 0);
        for (let at = node; at !== ROOT; at = shorter[at] ?? ROOT)
          for (const pattern of ending[at] ?? []) found(pattern, index + 1);
      }
    },
  };
}

/** For each node the longest proper suffix that is a node (`fail`), and the longest that is a pattern (`shorter`). */
function failures(
  edges: EdgeTable,
  parentOf: readonly number[],
  unitOf: readonly number[],
  ending: readonly (readonly number[])[],
): { fail: Int32Array; shorter: Int32Array } {
  const fail = new Int32Array(parentOf.length);
  const shorter = new Int32Array(parentOf.length);
  const depth = new Int32Array(parentOf.length);
  for (let node = 1; node < parentOf.length; node++) depth[node] = (depth[parentOf[node] ?? ROOT] ?? 0) + 1;
  const byDepth = Array.from({ length: parentOf.length - 1 }, (_, index) => index + 1);
  byDepth.sort((a, b) => (depth[a] ?? 0) - (depth[b] ?? 0));
  for (const node of byDepth) {
    const parent = parentOf[node] ?? ROOT;
    if (parent === ROOT) continue;
    let candidate = fail[parent] ?? ROOT;
    let next = edges.get(candidate, unitOf[node] ?? 0);
    while (next === NONE && candidate !== ROOT) {
      candidate = fail[candidate] ?? ROOT;
      next = edges.get(candidate, unitOf[node] ?? 0);
    }
    const suffix = next === NONE ? ROOT : next;
    fail[node] = suffix;
    shorter[node] = (ending[suffix]?.length ?? 0) > 0 ? suffix : (shorter[suffix] ?? ROOT);
  }
  return { fail, shorter };
}

interface EdgeTable {
  get(node: number, unit: number): number;
  set(node: number, unit: number, target: number): void;
}

function edgeTable(most: number): EdgeTable {
  // At most half full, so that few places are tried.
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, most * 2)));
  const keys = new Float64Array(size).fill(NONE);
  const targets = new Int32Array(size);
  const placeOf = (key: number, node: number, unit: number): number => {
    let place = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0;
    place = (place ^ (place >>> 15)) & (size - 1);
    while (keys[place] !== key && keys[place] !== NONE) place = (place + 1) & (size - 1);
    return place;
  };
  return {
    get(node, unit) {
      const key = node * 0x10000 + unit;
      const place = placeOf(key, node, unit);
      return keys[place] === key ? (targets[place] ?? NONE) : NONE;
    },
    set(node, unit, target) {
      const key = node * 0x10000 + unit;
      const place = placeOf(key, node, unit);
      keys[place] = key;
      targets[place] = target;
    },
  };
}
