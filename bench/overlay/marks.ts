import sharp from 'sharp';
import { captionPath } from '../../src/media/pixel-font.js';

/** Marks as channels lay them over pictures, drawn for this: white lettering, an emblem with an outline, a coloured badge. */
const MARKS = {
  lettering: {
    width: 46,
    height: 9,
    body: `<g transform="translate(1 1)" fill="#fff"><path d="${captionPath('CHANNEL7')}"/></g>`,
  },
  emblem: {
    width: 24,
    height: 24,
    body: '<circle cx="12" cy="12" r="10" fill="none" stroke="#222" stroke-width="4"/><circle cx="12" cy="12" r="10" fill="none" stroke="#eee" stroke-width="2.5"/><path d="M9 6.5v11l9-5.5z" fill="#eee" stroke="#222" stroke-width=".8"/>',
  },
  badge: {
    width: 40,
    height: 20,
    body:
      '<rect width="40" height="20" rx="4" fill="#c8102e"/><g transform="translate(5 4) scale(1.7)" fill="#fff"><path d="' +
      captionPath('LIVE') +
      '"/></g>',
  },
} as const;
export type MarkName = keyof typeof MARKS;
export const MARK_NAMES = Object.keys(MARKS) as MarkName[];

/** A mark of this width as PNG, with the box in it that is not transparent: shares of its width and height are the same at any opacity. */
export async function drawMark(
  name: MarkName,
  widthPx: number,
): Promise<{
  png: Buffer;
  widthPx: number;
  heightPx: number;
  opaque: { x: number; y: number; width: number; height: number };
}> {
  const { width, height, body } = MARKS[name];
  const heightPx = Math.max(1, Math.round((widthPx * height) / width));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${body}</svg>`;
  const image = sharp(Buffer.from(svg));
  const { data, info } = await image.clone().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const box = { left: info.width, top: info.height, right: 0, bottom: 0 };
  for (let y = 0; y < info.height; y++)
    for (let x = 0; x < info.width; x++) {
      if ((data[(y * info.width + x) * info.channels + 3] ?? 0) < 64) continue;
      box.left = Math.min(box.left, x);
      box.top = Math.min(box.top, y);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  const opaque = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
  return { png: await image.png().toBuffer(), widthPx: info.width, heightPx: info.height, opaque };
}
