import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A picture as 8-bit RGB, rows without padding. */
export interface RgbPicture {
  widthPx: number;
  heightPx: number;
  data: Buffer;
}

/** Clips without any writing in them, and the size at which their frames are taken. */
const CLIPS = [
  { path: 'samples/cockatoo.mp4', widthPx: 1280, heightPx: 720, count: 10 },
  { path: 'samples/chair-orig-22-sd-bar.mp4', widthPx: 480, heightPx: 720, count: 10 },
  { path: 'samples/phone-1080p.mp4', widthPx: 1280, heightPx: 720, count: 2 },
  { path: 'samples/realshort.mp4', widthPx: 960, heightPx: 720, count: 2 },
] as const;

/** Real frames to draw over. */
export async function backgrounds(): Promise<RgbPicture[]> {
  const clips = await Promise.all(
    CLIPS.map(async ({ path, widthPx, heightPx, count }) => {
      const { stdout } = await run(
        'ffmpeg',
        [
          ...['-v', 'error', '-i', path, '-an', '-frames:v', String(count)],
          ...[
            '-vf',
            `fps=1:round=up:start_time=0,scale=${widthPx}:${heightPx}`,
            '-f',
            'rawvideo',
            '-pix_fmt',
            'rgb24',
            '-',
          ],
        ],
        { encoding: 'buffer', maxBuffer: 2 ** 28 },
      );
      const size = widthPx * heightPx * 3;
      return Array.from({ length: Math.floor(stdout.length / size) }, (_, index) => ({
        widthPx,
        heightPx,
        data: stdout.subarray(index * size, (index + 1) * size),
      }));
    }),
  );
  return clips.flat();
}
