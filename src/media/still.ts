import { errorMessage } from '../domain/error-code.js';
import { IMAGE_FORMATS, type ImageFormat, type ImageInfo } from '../schema/image.js';
import type { Frame } from '../schema/frame.js';
import { ImageTooLargeError, NotAnImageError } from './image-errors.js';
import { MOST_PIXELS, readImageHeader, readImagePixels, type ImagePart } from './image.js';
import { readBitmap, readBitmapHeader } from './bitmap.js';
import type { MediaTools } from './tools.js';

/** IMM's limits on images. */
const MOST_BYTES = 20 * 1024 * 1024;
const MOST_SIDE_PX = 30_000;
const MOST_GIF_PIXELS = 4_194_304;

/** From this ratio of its sides on an image is a long one, whose parts are frames of their own when more than one is asked for. */
const LONG_RATIO = 3;
/** Frames are shrunk to this: detectors look at far less, and 250 million pixels are 750 MB. */
const FRAME_PX = 4096;

export interface ImageRun {
  tools: MediaTools;
  signal: AbortSignal;
}

/**
 * What is known of an image without decoding it, if it is one that IMM would take. `maxFrames` decides whether a long image is looked at in parts.
 * @throws {NotAnImageError | ImageTooLargeError} both permanent
 */
export async function readImageInfo(
  path: string,
  sizeBytes: number,
  { maxFrames }: { maxFrames: number },
): Promise<ImageInfo> {
  if (sizeBytes > MOST_BYTES) throw new ImageTooLargeError(path, `${MOST_BYTES} bytes`, `${sizeBytes}`);
  const { format, widthPx, heightPx, pages } = await readHeader(path);
  if (Math.max(widthPx, heightPx) > MOST_SIDE_PX)
    throw new ImageTooLargeError(path, `${MOST_SIDE_PX} pixels a side`, `${widthPx} × ${heightPx}`);
  const most = format === 'gif' ? MOST_GIF_PIXELS : MOST_PIXELS;
  if (widthPx * heightPx > most) throw new ImageTooLargeError(path, `${most} pixels`, `${widthPx * heightPx}`);
  if (pages > 1) return { format, widthPx, heightPx, frameCount: pages, kind: 'animated' };
  const ratio = Math.max(widthPx, heightPx) / Math.min(widthPx, heightPx);
  return ratio >= LONG_RATIO && maxFrames > 1
    ? { format, widthPx, heightPx, frameCount: Math.ceil(ratio), kind: 'long' }
    : { format, widthPx, heightPx, frameCount: 1, kind: 'still' };
}

async function readHeader(
  path: string,
): Promise<Pick<ImageInfo, 'format' | 'widthPx' | 'heightPx'> & { pages: number }> {
  const bitmap = await readBitmapHeader(path);
  if (bitmap !== null) return { format: 'bmp', ...bitmap, pages: 1 };
  try {
    const { format, widthPx, heightPx, pages, isTurned } = await readImageHeader(path);
    const known = IMAGE_FORMATS.find((each): each is ImageFormat => each === format);
    if (known === undefined) throw new NotAnImageError(path, `it is ${format}`);
    const size = isTurned ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx };
    return { format: known, ...size, pages };
  } catch (error) {
    if (error instanceof NotAnImageError) throw error;
    throw new NotAnImageError(path, errorMessage(error), { cause: error });
  }
}

/**
 * One frame of an image as detectors take it. `sample` is the number that it gets.
 * @throws {NotAnImageError} when it does not decode
 */
export async function readImageFrame(
  path: string,
  image: ImageInfo,
  { frame, sample }: { frame: number; sample: number },
  run: ImageRun,
): Promise<Frame> {
  try {
    const pixels =
      image.format === 'bmp' ? await readBitmap(path, image, run) : await readImagePixels(path, partOf(image, frame));
    const data = new Uint8Array(new SharedArrayBuffer(pixels.data.length));
    data.set(pixels.data);
    const { widthPx, heightPx } = pixels;
    return {
      sample,
      widthPx,
      heightPx,
      format: 'rgb24',
      colour: { matrix: null, range: null },
      data,
      release: () => undefined,
    };
  } catch (error) {
    run.signal.throwIfAborted();
    throw new NotAnImageError(path, errorMessage(error), { cause: error });
  }
}

function partOf({ kind, widthPx, heightPx }: ImageInfo, frame: number): ImagePart {
  if (kind !== 'long') return { page: kind === 'animated' ? frame : 0, maxPx: FRAME_PX };
  const side = Math.min(widthPx, heightPx);
  // The last part ends with the image, so that it is as long as the others.
  const start = Math.min(frame * side, Math.max(widthPx, heightPx) - side);
  const [left, top] = widthPx > heightPx ? [start, 0] : [0, start];
  return { page: 0, region: { left, top, width: side, height: side }, maxPx: FRAME_PX };
}
