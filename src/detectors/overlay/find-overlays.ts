import { candidatesIn, standingRegions, type Candidate } from './candidates.js';
import { EdgeCounts, isSameEdge } from './edge-counts.js';
import type { EdgeMap } from './edge-map.js';
import { areaOf, overlap, widened } from './regions.js';
import type { StandingBox } from './standing-box.js';

/** Samples that are looked at together, and how many further on the next ones begin. */
const WINDOW = 12;
const STEP = 4;
/** With fewer samples nothing can be said: what is shown for a few seconds is a caption or a shot that stands still. */
export const LEAST_SAMPLES = 6;
/** Share of the samples in which an edge must be there to belong to an overlay that was found. */
const BELONGS = 0.6;
/**
 * Share of the samples in which the firmest edges of an overlay are there, and share of its edges that must be so firm: of captions that follow one
 * another in one place next to none are.
 */
const ALWAYS = 0.9;
const FIRM = 0.1;
/** Share of its edges by which an overlay is seen in one sample. */
const PRESENT = 0.5;
/** Samples that an overlay may be drowned for without being gone. */
const DROWNED = 2;
/** Cells around a place in which more of it is looked for. */
const MARGIN = 3;

/** What came of looking for overlays. */
export interface OverlaySearch {
  overlays: StandingBox[];
  /** Share of the stretches looked at, 0–1, in which the picture stood too still, or had too little in it, for anything to be said. */
  untold: number;
}

interface Sighting extends Candidate {
  /** Samples from … to before … */
  from: number;
  to: number;
}

/**
 * Finds edges that stay while the picture moves, over maps of one size in the order of time. Pauses after a few milliseconds of work, so that who
 * runs it can let others have their turn.
 */
export function* findOverlays(maps: readonly EdgeMap[]): Generator<undefined, OverlaySearch> {
  const { sightings, untold } = yield* sightingsIn(maps);
  const overlays: StandingBox[] = [];
  for (const place of places(sightings)) {
    overlays.push(...(yield* overlaysAt(place, maps)));
  }
  const best = overlays.sort((a, b) => b.score - a.score || areaOf(b.box) - areaOf(a.box));
  return {
    overlays: best.filter((one, index) => !best.slice(0, index).some((better) => isPartOf(one, better))),
    untold,
  };
}

/** Places of single stretches, and the share of stretches that told nothing. */
function* sightingsIn(maps: readonly EdgeMap[]): Generator<undefined, { sightings: Sighting[]; untold: number }> {
  const [first] = maps;
  if (first === undefined || maps.length < LEAST_SAMPLES) return { sightings: [], untold: 1 };
  const { width, height } = first;
  const counts = new EdgeCounts(width * height);
  const sightings: Sighting[] = [];
  let [stretches, silent] = [0, 0];
  for (let from = 0, to = 0; to < maps.length; from += STEP) {
    for (const map of maps.slice(Math.max(0, from - STEP), from)) counts.add(map, -1);
    const end = Math.min(maps.length, from + WINDOW);
    for (const map of maps.slice(to, end)) counts.add(map);
    to = end;
    if (to - from < LEAST_SAMPLES) break;
    const { candidates, isTelling } = candidatesIn(counts.standing(), width, height);
    stretches++;
    if (!isTelling) silent++;
    sightings.push(...candidates.map((candidate) => ({ ...candidate, from, to })));
    yield;
  }
  return { sightings, untold: stretches === 0 ? 1 : silent / stretches };
}

/** Sightings of the same place in several stretches. */
function places(sightings: readonly Sighting[]): Sighting[][] {
  const groups: Sighting[][] = [];
  for (const sighting of sightings) {
    const group = groups.find((others) => others.some((other) => overlap(other.box, sighting.box) >= 0.5));
    if (group === undefined) groups.push([sighting]);
    else group.push(sighting);
  }
  return groups;
}

/** What lies at a place, for as long as it does. */
function* overlaysAt(sightings: readonly Sighting[], maps: readonly EdgeMap[]): Generator<undefined, StandingBox[]> {
  const [map] = maps;
  if (map === undefined) return [];
  const { width, height } = map;
  const counts = new EdgeCounts(width * height);
  for (const [index, one] of maps.entries()) {
    if (sightings.some(({ from, to }) => index >= from && index < to)) counts.add(one);
    if (index % 100 === 99) yield;
  }
  const standing = counts.standing();
  const largest = sightings.map(({ box }) => box).reduce((a, b) => (areaOf(b) > areaOf(a) ? b : a));
  const near = widened(largest, MARGIN, width, height);
  const region = standingRegions(standing, BELONGS, width, height)
    .filter(({ box }) => overlap(box, near) >= 0.5)
    .sort((a, b) => b.cells.length - a.cells.length)[0];
  if (region === undefined) return [];
  const shown = maps.map(({ cells }) => {
    const there = region.cells.filter((cell) => isSameEdge(cells[cell] ?? 0, standing.orientation[cell] ?? 0));
    return there.length / region.cells.length;
  });
  /** Whether a cell's edge is hardly ever missing from … to before … */
  const isFirm = (cell: number, from: number, to: number): boolean => {
    let there = 0;
    for (const { cells } of maps.slice(from, to))
      if (isSameEdge(cells[cell] ?? 0, standing.orientation[cell] ?? 0)) there++;
    return there >= ALWAYS * (to - from);
  };
  return spansOf(shown).flatMap(({ first, last }) => {
    const seen = sightings.filter(
      ({ from, to }) => Math.min(to, last + 1) - Math.max(from, first) >= LEAST_SAMPLES / 2,
    );
    if (last - first + 1 < LEAST_SAMPLES || seen.length === 0) return [];
    const firm = region.cells.filter((cell) => isFirm(cell, first, last + 1)).length;
    if (firm < FIRM * region.cells.length) return [];
    const inSpan = shown.slice(first, last + 1);
    const stood = mean(inSpan);
    const moved = mean(seen.map((one) => one.moved));
    const clearest = first + inSpan.indexOf(Math.max(...inSpan));
    return [{ box: region.box, first, last, clearest, score: scoreOf(stood, moved, inSpan.length) }];
  });
}

/** How sure it is: the longer, the clearer and the more everything else moved. */
function scoreOf(stood: number, moved: number, samples: number): number {
  const sureToMove = Math.min(1, Math.max(0, (moved - 0.4) / 0.4));
  return stood * sureToMove * (samples / (samples + 1));
}

/** Runs of samples in which it is seen, shorter gaps included. */
function spansOf(shown: readonly number[]): { first: number; last: number }[] {
  const spans: { first: number; last: number }[] = [];
  shown.forEach((share, index) => {
    if (share < PRESENT) return;
    const open = spans.at(-1);
    if (open !== undefined && index - open.last <= DROWNED + 1) open.last = index;
    else spans.push({ first: index, last: index });
  });
  return spans;
}

function isPartOf(one: StandingBox, other: StandingBox): boolean {
  return overlap(one.box, other.box) >= 0.5 && one.first <= other.last && other.first <= one.last;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
