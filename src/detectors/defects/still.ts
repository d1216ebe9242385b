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

/** Stretches in which pictures repeat each other. */
export function stillStretches({ timesS, change }: WatchedPictures): Stretch[] {
  const isStill = (index: number): boolean => index > 0 && (change[index] ?? Infinity) <= SETTLING;
  const goesOn = (index: number): boolean =>
    isStill(index) ||
    ((change[index] ?? Infinity) <= REFRESHED && index > 1 && isStill(index - 1) && isStill(index + 1));
  return runsOf(timesS.length, goesOn).map(({ first, last }) => {
    const unchanged = change.slice(first, last + 1).filter((by) => by <= UNCHANGED).length;
    // The picture that the first one repeats belongs to it.
    const [startS = 0, lastS = 0] = [timesS[first - 1], timesS[last]];
    const endS = timesS[last + 1] ?? lastS;
    return { kind: 'frozen', startS, endS, share: unchanged / (last - first + 1), turns: 0 };
  });
}
