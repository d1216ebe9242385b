/**
 * A display matrix as what players make of it: mirrored left to right or not, then turned clockwise, to the next quarter (0, 90, 180 or 270).
 * ffprobe writes it in three lines such as `00000000:  0  65536  0`.
 */
export function turnOf(matrix = ''): { rotationDeg: number; mirrored: boolean } {
  const rows = matrix.split('\n').flatMap((line) => {
    const row = /^\w+:\s+(-?\d+)\s+(-?\d+)/.exec(line);
    return row === null ? [] : [[Number(row[1]), Number(row[2])] as const];
  });
  // Where a step to the right in the stored picture leads on the screen, and one down.
  const [[rightX, rightY] = [1, 0], [downX, downY] = [0, 1]] = rows;
  const mirrored = rightX * downY - rightY * downX < 0;
  const sign = mirrored ? -1 : 1;
  const turnDeg = (Math.atan2(sign * rightY, sign * rightX) * 180) / Math.PI;
  return { rotationDeg: (((Math.round(turnDeg / 90) * 90) % 360) + 360) % 360, mirrored };
}

/** Pixels less off square than this are meant to be square: sizes had to be rounded, and nobody sees it. */
const SQUARE_WITHIN = 0.01;
/** Pixels more off square than this are a mistake; the widest in use are twice as wide as high. */
const MOST_ASPECT = 4;

/** Width of a pixel as shown, in its heights, of a ratio such as `64:45`; 1 where none is known or meant. */
export function pixelAspectOf(ratio = ''): number {
  const [width = 0, height = 0] = ratio.split(':').map(Number);
  const aspect = width / height;
  const isMeant = Math.abs(aspect - 1) >= SQUARE_WITHIN && aspect <= MOST_ASPECT && aspect >= 1 / MOST_ASPECT;
  return isMeant ? aspect : 1;
}
