import type { WatchedPictures } from '../../schema/watched.js';
import { runsOf, type Stretch } from './stretch.js';

/** A flash is a pair of opposing changes of a tenth of the brightest luminance or more, the darker picture being below 0.8 of it (WCAG 2.2, "general flash"). */
const TURN = 0.1;
const DARK_BELOW = 0.8;
/** More than three flashes within any second are too many (WCAG 2.2, 2.3.1; ITU-R BT.1702 has the same three): four of them are eight changes. */
const TURNS_A_SECOND = 8;
/** Changes farther apart than this are not of the same flicker. */
const APART_S = 0.5;
/** From gamma-coded luma to relative luminance, as displays do it. */
const GAMMA = 2.2;

/** Stretches in which the whole picture turns brighter and darker: too often, or at an end of the segment, where the next one may go on with it. */
export function flashingStretches({ timesS, luma }: WatchedPictures): Stretch[] {
  const turns = turnsOf(
    timesS,
    luma.map((value) => value ** GAMMA),
  );
  const [startS = 0, endS = 0] = [timesS[0], timesS.at(-1)];
  return runsOf(turns.length, (index) => index > 0 && (turns[index] ?? 0) - (turns[index - 1] ?? 0) <= APART_S)
    .map(({ first, last }) => turns.slice(first - 1, last + 1))
    .map((run): Stretch => {
      const often = run.some((atS, index) => (run[index + TURNS_A_SECOND - 1] ?? Infinity) - atS <= 1);
      const [from = 0, to = 0] = [run[0], run.at(-1)];
      return { kind: 'flashing', startS: from, endS: to, share: often ? 1 : 0, turns: run.length };
    })
    .filter(({ share, ...run }) => share === 1 || run.startS - startS <= APART_S || endS - run.endS <= APART_S);
}

/** Whether two parts that lie so near each other flash too often together. */
export function isFlashing({ share, turns, startS, endS }: Stretch): boolean {
  return share === 1 || (turns >= TURNS_A_SECOND && (endS - startS) * (TURNS_A_SECOND - 1) <= turns);
}

/** Seconds at which the luminance has turned by TURN from its last extreme, alternately up and down. */
function turnsOf(timesS: readonly number[], luminance: readonly number[]): number[] {
  const turns: number[] = [];
  let [low, high] = [Infinity, -Infinity];
  let rising: boolean | null = null;
  luminance.forEach((value, index) => {
    [low, high] = [Math.min(low, value), Math.max(high, value)];
    const up = rising !== true && value - low >= TURN && low < DARK_BELOW;
    const down = rising !== false && high - value >= TURN && value < DARK_BELOW;
    if (!up && !down) return;
    turns.push(timesS[index] ?? 0);
    rising = up;
    [low, high] = [value, value];
  });
  return turns;
}
