import { ORIENTATIONS, type EdgeMap } from './edge-map.js';

/** How often each cell showed the same edge in a number of samples. */
export interface Standing {
  /** Samples counted. */
  samples: number;
  /** Of each cell: in how many of them it had its most frequent edge, neighbouring orientations taken as one. */
  same: Uint16Array;
  /** Of each cell: the orientation of that edge, 1 to `ORIENTATIONS`; 0 where there never was one. */
  orientation: Uint8Array;
  /** Of each cell: in how many it had any edge. */
  any: Uint16Array;
}

/** Counts edges over samples that are added and taken away. */
export class EdgeCounts {
  private readonly counts: Uint16Array;
  private samples = 0;

  /** `cells`: how many the maps have. */
  constructor(private readonly cells: number) {
    this.counts = new Uint16Array(cells * ORIENTATIONS);
  }

  add({ cells }: EdgeMap, by: 1 | -1 = 1): void {
    this.samples += by;
    const { counts } = this;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] ?? 0;
      if (cell === 0) continue;
      const at = index * ORIENTATIONS + cell - 1;
      counts[at] = (counts[at] ?? 0) + by;
    }
  }

  standing(): Standing {
    const { counts, cells, samples } = this;
    const same = new Uint16Array(cells);
    const any = new Uint16Array(cells);
    const orientation = new Uint8Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const start = cell * ORIENTATIONS;
      let [before, here] = [counts[start + ORIENTATIONS - 1] ?? 0, counts[start] ?? 0];
      let [best, sum, bin] = [0, 0, 0];
      for (let next = 1; next <= ORIENTATIONS; next++) {
        const after = counts[start + (next % ORIENTATIONS)] ?? 0;
        sum += here;
        // The middle weighs twice, so that of equal stretches the one around the peak is named.
        const both = before + here + after;
        if (both > best || (both === best && here > (counts[start + bin - 1] ?? 0))) [best, bin] = [both, next];
        [before, here] = [here, after];
      }
      same[cell] = best;
      any[cell] = sum;
      orientation[cell] = best === 0 ? 0 : bin;
    }
    return { samples, same, orientation, any };
  }
}

/** Whether a cell shows an edge of about this orientation. Both 1 to `ORIENTATIONS`, 0 for none. */
export function isSameEdge(cell: number, orientation: number): boolean {
  if (cell === 0 || orientation === 0) return false;
  const apart = Math.abs(cell - orientation);
  return apart <= 1 || apart === ORIENTATIONS - 1;
}
