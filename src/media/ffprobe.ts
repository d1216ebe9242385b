import { z } from 'zod';
import { rational } from '../domain/rational.js';
import type { Colour, Rational } from '../schema/video.js';
import { pixelAspectOf, turnOf } from './display.js';
import { EncryptedError, NoVideoStreamError, UnreadableError } from './errors.js';
import { ffprobe, type ProbeRun } from './run-ffprobe.js';

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
  /** By common encryption. */
  isEncrypted: boolean;
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
const HEAD = ['-read_intervals', `%+#${HEAD_PACKETS}`, '-show_packets', '-show_frames'];

/** Moving pictures: video streams that are no covers. */
export const MOVING = ['-select_streams', 'V'];

/** What a file says of itself. */
export interface FileEntry {
  container: string;
  /** Those of moving pictures; where there is none, all. */
  streams: StreamEntry[];
  /** The first pictures, where there is a single stream of moving ones: nearly always. */
  head: Head | null;
}

/** Container, streams and first pictures: one start of ffprobe, which takes longer than what it does. */
export async function readFile(path: string, run: ProbeRun): Promise<FileEntry> {
  const described = ['-show_format', '-show_streams', '-of', 'json'];
  const { stdout } = await ffprobe(path, [...MOVING, ...HEAD, ...described], run);
  const found: unknown = JSON.parse(stdout);
  const { format, streams } = Format.parse(found);
  if (streams.length > 0) {
    const head = streams.length === 1 ? toHead(found) : null;
    return { container: format.format_name, streams: streams.map(toEntry), head };
  }
  const all = Format.parse(JSON.parse((await ffprobe(path, described, run)).stdout));
  return { container: format.format_name, streams: all.streams.map(toEntry), head: null };
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

/** Decodes the first pictures of a stream. */
export async function readHead(path: string, streamIndex: number, run: ProbeRun): Promise<Head> {
  const { stdout } = await ffprobe(path, ['-select_streams', String(streamIndex), ...HEAD, '-of', 'json'], run);
  return toHead(JSON.parse(stdout));
}

function toHead(found: unknown): Head {
  const entries = Frames.parse(found).packets_and_frames;
  const frames = entries.filter(({ type }) => type === 'frame');
  const [first] = frames;
  return {
    pixelFormat: first?.pix_fmt ?? null,
    widthPx: first?.width ?? null,
    heightPx: first?.height ?? null,
    interlaced: frames.filter(({ interlaced_frame: interlaced }) => interlaced === 1).length * 2 > frames.length,
    colour: first === undefined ? null : toColour(first),
    firstPts: first?.best_effort_timestamp ?? null,
    isEncrypted: entries.some(({ side_data_list: sideData }) =>
      sideData.some(({ side_data_type: type }) => type.startsWith('Encryption')),
    ),
  };
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
