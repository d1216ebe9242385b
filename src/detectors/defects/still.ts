import type { WatchedPictures } from '../../schema/watched.js';
import { runsOf, type Stretch } from './stretch.js';

/** Levels of luma from black to white. */
const LEVELS = 219;
/**
 * Mean change of luma up to which a picture repeats the one before. An encoder takes up to a second to settle on a still picture and
 * changes it by less than this meanwhile; of the real clips only a talking head before a wall stays below it, for a second.
 */
const SETTLING = 0.05 / LEVELS;
/** Up to here nothing changed: 30 points of 14,400 by one level. Cameras and their encoders give that now and then, not for long. */
const UNCHANGED = 0.002 / LEVELS;
/** A still picture that is encoded anew, as a key frame, changes once by up to this. */
const REFRESHED = 2 / LEVELS;

/** What an encoder takes to settle. */
const SETTLES_S = 1;
/** Less than this unchanged is chance, unless it goes on in the next segment. */
const LEAST_S = 0.4;

/** Stretches in which pictures repeat each other; black ones are something else. */
export function stillStretches({ timesS, change, black }: WatchedPictures): Stretch[] {
  const changes = (index: number): number => (index > 0 && black[index] === false ? (change[index] ?? 1) : 1);
  const isUnchanged = (index: number): boolean => changes(index) <= UNCHANGED;
  const isRefreshed = (index: number): boolean => changes(index) <= REFRESHED;
  const end = timesS.length - 1;
  return runsOf(timesS.length, (index) => {
    return isUnchanged(index) || (isRefreshed(index) && isUnchanged(index - 1) && isUnchanged(index + 1));
  })
    .filter(({ first, last }) => first === 1 || last === end || timeOf(last) - timeOf(first) >= LEAST_S)
    .map(({ first, last }) => {
      const unchanged = change.slice(first, last + 1).filter((by) => by <= UNCHANGED).length;
      let begin = first;
      while (changes(begin - 1) <= SETTLING && timeOf(first) - timeOf(begin - 1) <= SETTLES_S) begin--;
      // The picture that the first one repeats belongs to it.
      const startS = timeOf(begin - 1);
      return { kind: 'frozen', startS, endS: timeOf(last + 1), share: unchanged / (last - begin + 1), turns: 0 };
    });

  function timeOf(index: number): number {
    return timesS[Math.min(index, end)] ?? 0;
  }
}
