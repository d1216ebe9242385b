/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices lie inside by construction, and every pixel of a frame passes here */
import { chromaShift, planes, type Picture } from '../preparation/picture.js';
import { shrink, type Grey } from './grey.js';

/**
 * The colour of a picture apart from its brightness: how far towards blue, and towards red, 128 being neither (BT.601 of RGB; of YUV as it stands). Their
 * longest side is at most `maxPx`.
 */
export function chromaOf(picture: Picture, maxPx: number): [Grey, Grey] {
  const { widthPx, heightPx, format, data } = picture;
  if (format !== 'rgb24') {
    const [, blue, red] = planes(picture, chromaShift(format));
    const plane = ({ offset, widthPx: width, heightPx: height }: typeof blue): Grey =>
      shrink({ widthPx: width, heightPx: height, data: data.subarray(offset, offset + width * height) }, maxPx);
    return [plane(blue), plane(red)];
  }
  const [blue, red] = [new Uint8Array(widthPx * heightPx), new Uint8Array(widthPx * heightPx)];
  for (let at = 0, from = 0; at < blue.length; at++, from += 3) {
    const [r, g, b] = [data[from]!, data[from + 1]!, data[from + 2]!];
    blue[at] = (32768 - 43 * r - 85 * g + 128 * b) >> 8;
    red[at] = (32768 + 128 * r - 107 * g - 21 * b) >> 8;
  }
  return [shrink({ widthPx, heightPx, data: blue }, maxPx), shrink({ widthPx, heightPx, data: red }, maxPx)];
}
