import { chromaOf } from '../../../src/detectors/emblems/chroma.js';
import type { Picture } from '../../../src/detectors/preparation/picture.js';

const colour = { matrix: null, range: null };
const [widthPx, heightPx] = [8, 6];

/** A picture of one colour: RGB, or YUV with chroma at half the size. */
function rgb(red: number, green: number, blue: number): Picture {
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, at) => [red, green, blue][at % 3] ?? 0);
  return { widthPx, heightPx, format: 'rgb24', colour, data };
}

function means(picture: Picture): number[] {
  return chromaOf(picture, 4).map(({ data }) => data.reduce((sum, value) => sum + value, 0) / data.length);
}

describe('the colour of a picture', () => {
  it('is the middle of both scales where there is none, whatever the brightness', () => {
    for (const grey of [0, 90, 255]) for (const mean of means(rgb(grey, grey, grey))) expect(mean).toBeCloseTo(128, 0);
  });

  it('is high towards blue of blue, and towards red of red', () => {
    expect(means(rgb(255, 0, 0)).map((mean) => mean > 200)).toEqual([false, true]);
    expect(means(rgb(0, 0, 255)).map((mean) => mean > 200)).toEqual([true, false]);
  });

  it('of YUV is its two last planes, made smaller where they are larger than asked for', () => {
    const data = new Uint8Array(widthPx * heightPx + 2 * 4 * 3);
    data.fill(50, 0, widthPx * heightPx);
    data.fill(70, widthPx * heightPx, widthPx * heightPx + 12);
    data.fill(210, widthPx * heightPx + 12);
    const picture: Picture = { widthPx, heightPx, format: 'yuv420p', colour, data };
    expect(means(picture)).toEqual([70, 210]);
    expect(chromaOf(picture, 640).map((plane) => [plane.widthPx, plane.heightPx])).toEqual([
      [4, 3],
      [4, 3],
    ]);
    expect(chromaOf(picture, 2).map((plane) => plane.widthPx)).toEqual([2, 2]);
  });
});
