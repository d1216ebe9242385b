import type { ClipDirectory } from './make-video.js';

/** Defects laid into a clip, in seconds. */
export const FLAWS = {
  black: { startS: 2, endS: 4 },
  blurred: { startS: 6, endS: 9 },
  flashing: { startS: 11, endS: 13 },
} as const;

/** Where a picture is held, by the number of its first and last frame. */
export interface Held {
  first: number;
  last: number;
}

/** The first twenty seconds of a real clip at half its size, with all of FLAWS and one picture held, encoded anew with a key frame each second at least. */
export function flawedClip(
  clips: ClipDirectory,
  file: string,
  source: string,
  { first, last }: Held,
  rate: number,
): string {
  const during = ({ startS, endS }: { startS: number; endS: number }): string => `gte(t,${startS})*lt(t,${endS})`;
  const filters = [
    'scale=iw/2:-2',
    `drawbox=c=black:t=fill:enable='${during(FLAWS.black)}'`,
    `gblur=sigma=12:steps=2:enable='${during(FLAWS.blurred)}'`,
    `drawbox=c=white:t=fill:enable='${during(FLAWS.flashing)}*lt(mod(t,0.2),0.1)'`,
    `split[film][again];[film][again]freezeframes=first=${first}:last=${last}:replace=${first}`,
  ];
  return clips.make(
    file,
    ...['-t', '20', '-i', source, '-an', '-filter_complex', `[0:v]${filters.join(',')}`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', `${rate}`, '-pix_fmt', 'yuv420p'],
  );
}
