import type { WatchedPictures } from '../../schema/watched.js';
import { runsOf, type Stretch } from './stretch.js';

/** Stretches of black pictures. */
export function blackStretches({ timesS, black }: WatchedPictures): Stretch[] {
  return runsOf(timesS.length, (index) => black[index] === true).map(({ first, last }) => {
    const [startS = 0, lastS = 0] = [timesS[first], timesS[last]];
    return { kind: 'black', startS, endS: timesS[last + 1] ?? lastS, share: 1, turns: 0 };
  });
}
