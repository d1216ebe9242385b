import { z } from 'zod';
import { rational } from '../domain/rational.js';
import { outputOf } from '../process/output.js';
import type { Colour, Rational } from '../schema/video.js';
import { pixelAspectOf, turnOf } from './display.js';
import { EncryptedError, NoVideoStreamError, UnreadableError } from './errors.js';
import { FfmpegError } from './ffmpeg-errors.js';
import { errorIn } from './ffmpeg-log.js';
import { CONFINED, DECODER_LIMITS, inputName } from './ffmpeg.js';
import type { MediaTools } from './tools.js';

/** What ffprobe needs besides the file. */
export interface ProbeRun {
  tools: MediaTools;
  signal: AbortSignal;
}

/** A stream as its container declares it. */
export interface StreamEntry {
  index: number;
  kind: string;
  codec: string;
  profile: string | null;
  pixelFormat: string | null;
  /** As stored. */
  widthPx: number;
  heightPx: number;
  /** Clockwise, 0, 90, 180 or 270. */
  rotationDeg: number;
  /** Whether it is to be mirrored left to right before it is turned. */
  mirrored: boolean;
  /** Width of a pixel as shown, in its heights. */
  pixelAspect: number;
  colour: Colour;
  timeBase: Rational;
  /** Hz; `null` where not known. */
  averageRate: Rational | null;
  nominalRate: Rational | null;
  isDefault: boolean;
  /** A cover or thumbnail, no moving picture. */
  isPicture: boolean;
  /** `encv` and the like. */
  tag: string;
}

/** What the first decoded pictures say; `null` where there was none or it says nothing. */
export interface Head {
  pixelFormat: string | null;
  widthPx: number | null;
  heightPx: number | null;
  interlaced: boolean;
  colour: Colour | null;
  /** Presentation timestamp of the first picture. */
  firstPts: number | null;
}

const text = z.string().optional();
const flag = z.number().default(0);
const Format = z.object({
  streams: z
    .array(
      z.object({
        index: z.int(),
        codec_type: z.string().default('unknown'),
        codec_name: z.string().default('unknown'),
        codec_tag_string: z.string().default(''),
        profile: text,
        pix_fmt: text,
        width: flag,
        height: flag,
        color_space: text,
        color_range: text,
        color_transfer: text,
        color_primaries: text,
        time_base: z.string(),
        avg_frame_rate: text,
        r_frame_rate: text,
        sample_aspect_ratio: text,
        disposition: z.record(z.string(), z.number()).default({}),
        side_data_list: z.array(z.looseObject({ displaymatrix: text })).default([]),
      }),
    )
    .default([]),
  format: z.object({ format_name: z.string() }),
});

const Frames = z.object({
  packets_and_frames: z
    .array(
      z.object({
        type: z.string(),
        best_effort_timestamp: z.int().optional(),
        pix_fmt: text,
        width: z.int().optional(),
        height: z.int().optional(),
        interlaced_frame: flag,
        color_space: text,
        color_range: text,
        color_transfer: text,
        color_primaries: text,
        side_data_list: z.array(z.looseObject({ side_data_type: z.string().default('') })).default([]),
      }),
    )
    .default([]),
});

/** Pictures decoded at most to know their kind: some streams begin with a few that refer to pictures before them. */
const HEAD_PACKETS = 24;

/** Container and streams. */
export async function readFormat(path: string, run: ProbeRun): Promise<{ container: string; streams: StreamEntry[] }> {
  const { stdout } = await ffprobe(path, ['-show_format', '-show_streams', '-of', 'json'], run);
  const { format, streams } = Format.parse(JSON.parse(stdout));
  return { container: format.format_name, streams: streams.map(toEntry) };
}

/**
 * The stream that a player shows: of the moving pictures one marked as default, else the largest.
 * @throws {NoVideoStreamError | EncryptedError | UnreadableError}
 */
export function chooseStream(path: string, streams: readonly StreamEntry[]): StreamEntry {
  const moving = streams.filter(({ kind, isPicture }) => kind === 'video' && !isPicture);
  const size = ({ isDefault, widthPx, heightPx }: StreamEntry): number => (isDefault ? 1e12 : 0) + widthPx * heightPx;
  const [first] = [...moving].sort((a, b) => size(b) - size(a) || a.index - b.index);
  if (first === undefined) {
    const kinds = streams.map(({ kind, isPicture }) => (isPicture ? 'cover picture' : kind));
    throw new NoVideoStreamError(path, [...new Set(kinds)]);
  }
  if (/^(encv|drmi)$/.test(first.tag)) throw new EncryptedError(path, first.tag);
  if (first.widthPx === 0 || first.heightPx === 0) {
    throw new UnreadableError(path, `the size of its ${first.codec} pictures is not known`);
  }
  return first;
}

/**
 * Decodes the first pictures of a stream.
 * @throws {EncryptedError}
 */
export async function readHead(path: string, streamIndex: number, run: ProbeRun): Promise<Head> {
  const of = ['-select_streams', String(streamIndex), '-read_intervals', `%+#${HEAD_PACKETS}`];
  const { stdout } = await ffprobe(path, [...of, '-show_packets', '-show_frames', '-of', 'json'], run);
  const entries = Frames.parse(JSON.parse(stdout)).packets_and_frames;
  const isEncrypted = entries.some(({ side_data_list: sideData }) =>
    sideData.some(({ side_data_type: type }) => type.startsWith('Encryption')),
  );
  if (isEncrypted) throw new EncryptedError(path, 'common encryption');
  const frames = entries.filter(({ type }) => type === 'frame');
  const [first] = frames;
  return {
    pixelFormat: first?.pix_fmt ?? null,
    widthPx: first?.width ?? null,
    heightPx: first?.height ?? null,
    interlaced: frames.filter(({ interlaced_frame: interlaced }) => interlaced === 1).length * 2 > frames.length,
    colour: first === undefined ? null : toColour(first),
    firstPts: first?.best_effort_timestamp ?? null,
  };
}

/**
 * Runs ffprobe on one file.
 * @throws {UnreadableError} when it cannot make the file out.
 * @throws {FfmpegError} when it is not there or was ended by a signal.
 */
export async function ffprobe(
  path: string,
  args: readonly string[],
  { tools, signal }: ProbeRun,
  onLine?: (line: string) => void,
): Promise<{ stdout: string; errors: string[] }> {
  const all = ['-hide_banner', '-loglevel', 'repeat+level+error', ...CONFINED, ...args, inputName(path)];
  const { childrenDir } = tools;
  const {
    stdout,
    stderr,
    exitCode,
    signal: endedBy,
  } = await outputOf(tools.ffprobePath, all, {
    signal,
    limits: DECODER_LIMITS,
    ...(childrenDir === undefined ? {} : { childrenDir }),
    ...(onLine === undefined ? {} : { onLine }),
  });
  const errors = stderr.split('\n').flatMap((line) => errorIn(line) ?? []);
  if (exitCode === 1) throw new UnreadableError(path, reasonOf(errors));
  if (exitCode !== 0)
    throw new FfmpegError(exitCode, endedBy, stderr.trim().split('\n').slice(-5), [tools.ffprobePath, ...all]);
  return { stdout, errors };
}

/** The first error names the cause; those behind it only what followed from it, and the last ends with the path. */
function reasonOf(errors: readonly string[]): string {
  const [first = 'ffprobe could not open it'] = errors;
  if (/not on whitelist/.test(first)) return 'it is of a kind that holds no video itself, such as a playlist';
  return first.replace(/^file:.*: /, '');
}

type FormatStream = z.infer<typeof Format>['streams'][number];

function toEntry(stream: FormatStream): StreamEntry {
  const { disposition } = stream;
  const matrix = stream.side_data_list.find((entry) => entry.displaymatrix !== undefined)?.displaymatrix;
  return {
    index: stream.index,
    kind: stream.codec_type,
    codec: stream.codec_name,
    profile: stream.profile ?? null,
    pixelFormat: stream.pix_fmt ?? null,
    widthPx: stream.width,
    heightPx: stream.height,
    ...turnOf(matrix),
    pixelAspect: pixelAspectOf(stream.sample_aspect_ratio),
    colour: toColour(stream),
    timeBase: toRational(stream.time_base) ?? { num: 1, den: 1000 },
    averageRate: toRational(stream.avg_frame_rate),
    nominalRate: toRational(stream.r_frame_rate),
    isDefault: disposition['default'] === 1,
    isPicture: disposition['attached_pic'] === 1 || disposition['timed_thumbnails'] === 1,
    tag: stream.codec_tag_string,
  };
}

type ColourFields = Partial<
  Record<'color_space' | 'color_range' | 'color_transfer' | 'color_primaries', string | undefined>
>;

function toColour(fields: ColourFields): Colour {
  const known = (value: string | undefined): string | null =>
    value === undefined || /^(unknown|unspecified|reserved)$/.test(value) ? null : value;
  return {
    matrix: known(fields.color_space),
    range: known(fields.color_range),
    transfer: known(fields.color_transfer),
    primaries: known(fields.color_primaries),
  };
}

function toRational(value: string | undefined): Rational | null {
  const [num = 0, den = 0] = (value ?? '').split('/').map(Number);
  return num > 0 && den > 0 ? rational(num, den) : null;
}
