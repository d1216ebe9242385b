import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { runFfmpeg } from './ffmpeg.js';
import type { MediaTools } from './tools.js';

/** Up to the height in the header of every version since Windows 3. */
const HEADER_BYTES = 26;

/** Size of a BMP picture, or `null` for a file of another kind. libvips reads no BMP: ffmpeg does. */
export async function readBitmapHeader(path: string): Promise<{ widthPx: number; heightPx: number } | null> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await file.read(head, 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES || head.toString('latin1', 0, 2) !== 'BM') return null;
    // OS/2's header has 12 bytes and 16-bit sizes; a negative height means that rows come from the top.
    const isOld = head.readUInt32LE(14) === 12;
    const [width, height] = isOld
      ? [head.readUInt16LE(18), head.readUInt16LE(20)]
      : [head.readInt32LE(18), Math.abs(head.readInt32LE(22))];
    return width > 0 && height > 0 ? { widthPx: width, heightPx: height } : null;
  } finally {
    await file.close();
  }
}

/** Pixels of a BMP picture as 8-bit RGB, rows without padding. Throws what ffmpeg failed with. */
export async function readBitmap(
  path: string,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
  { tools, signal }: { tools: MediaTools; signal: AbortSignal },
): Promise<{ widthPx: number; heightPx: number; data: Buffer }> {
  const target = new PassThrough();
  const outputOptions = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const [data] = await Promise.all([
    buffer(target),
    runFfmpeg({ inputOptions: ['-f', 'bmp_pipe'], path, outputOptions, target }, { tools, signal }),
  ]);
  if (data.length !== widthPx * heightPx * 3)
    throw new RangeError(`its ${widthPx} × ${heightPx} pixels do not all decode`);
  return { widthPx, heightPx, data };
}
