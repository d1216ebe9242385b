import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Frame, FrameFormat } from '../../src/schema/frame.js';

const run = promisify(execFile);

/** What a clip's frames look like. */
interface ClipShape {
  /** The format that keeps most of what the clip holds. */
  native: FrameFormat;
  colour: Frame['colour'];
}

/** Frames of a clip and what it cost to get them. */
export interface ClipFrames {
  frames: Frame[];
  /** CPU seconds of the ffmpeg that decoded them. */
  cpuS: number;
}

interface FrameRequest {
  /** Absent: native. */
  format?: FrameFormat;
  /** Seconds before the first frame that is taken. */
  phaseS?: number;
  /** Only the first so many frames. */
  count?: number;
  /** A filter after the choice of frames. */
  scale?: string;
}

/** One frame a second, chosen as for the reference scores of OpenNSFW; full size unless scaled. */
export async function clipFrames(path: string, request: FrameRequest = {}): Promise<ClipFrames> {
  const shape = await clipShape(path);
  const format = request.format ?? shape.native;
  const phase = request.phaseS === undefined ? '' : `trim=start=${request.phaseS},setpts=PTS-STARTPTS,`;
  const scale = request.scale === undefined ? '' : `,${request.scale}`;
  const { stdout, stderr } = await run(
    'ffmpeg',
    [
      ...['-v', 'info', '-nostats', '-benchmark', '-threads', '1', '-i', path, '-an'],
      ...(request.count === undefined ? [] : ['-frames:v', String(request.count)]),
      ...['-vf', `${phase}fps=1:round=up:start_time=0${scale}`, '-f', 'rawvideo', '-pix_fmt', format, '-'],
    ],
    { encoding: 'buffer', maxBuffer: 2 ** 31 },
  );
  const [, user = '0', system = '0'] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr.toString()) ?? [];
  const { widthPx, heightPx } = sizeOf(stderr.toString());
  const size = frameBytes(widthPx, heightPx, format);
  const frames = Array.from({ length: Math.floor(stdout.length / size) }, (_, sample): Frame => {
    const data = new Uint8Array(new SharedArrayBuffer(size));
    data.set(stdout.subarray(sample * size, (sample + 1) * size));
    return { sample, widthPx, heightPx, format, colour: shape.colour, data, release: () => undefined };
  });
  return { frames, cpuS: Number(user) + Number(system) };
}

/** The size that ffmpeg says it writes: cropped and turned it is not always what ffprobe says of the stream. */
function sizeOf(log: string): { widthPx: number; heightPx: number } {
  const [, width, height] = /Output #0[^]*?, (\d+)x(\d+)/.exec(log) ?? [];
  if (width === undefined || height === undefined) throw new Error(`Expected ffmpeg to name a size, received:\n${log}`);
  return { widthPx: Number(width), heightPx: Number(height) };
}

function frameBytes(widthPx: number, heightPx: number, format: FrameFormat): number {
  if (format === 'yuv420p') return widthPx * heightPx + 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  return widthPx * heightPx * 3;
}

interface Probe {
  streams: [
    {
      pix_fmt: string;
      color_space?: string;
      color_range?: string;
    },
  ];
}

async function clipShape(path: string): Promise<ClipShape> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_streams', '-of', 'json', path],
  ]);
  const [stream] = (JSON.parse(stdout) as Probe).streams;
  return {
    native: /rgb|gbr|pal8|bgr/.test(stream.pix_fmt) ? 'rgb24' : stream.pix_fmt.includes('444') ? 'yuv444p' : 'yuv420p',
    colour: {
      matrix: stream.color_space ?? null,
      range: stream.color_range ?? (stream.pix_fmt.startsWith('yuvj') ? 'pc' : null),
    },
  };
}
