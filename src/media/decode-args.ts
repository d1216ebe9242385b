import { divide, rational } from '../domain/rational.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { watchChains } from './watch-filters.js';

/** Pictures compared at a seek point: a wrong start shows in the key frame or in the pictures that refer to it. */
export const DIGEST_PICTURES = 3;

/**
 * With more, what a damaged picture looks like depends on how far the other threads have come, and no two runs would say the same of it (measured: three runs of a
 * stream without its beginning, three results). Segments side by side keep the cores busy instead.
 */
const DECODER_THREADS = '1';

/** ffmpeg.c seeks this much earlier where pictures are reordered, in containers that it does not know to be sought by display time. */
const REORDER_MARGIN_S = 3 / 23;

/** What decides the command line of one segment. */
export interface DecodeArgsInput {
  video: VideoInfo;
  plan: SamplePlan;
  segment: Segment;
  /** First sample wanted. */
  from: number;
  /** Filters from a decoded picture to a frame. */
  frameFilters: readonly string[];
  /** Whether to measure every picture on the way; then every picture is decoded, also in sampling mode `keyframe`. */
  watch?: boolean;
  /** Set where the input holds only packets that are needed, from the segment's start on. */
  sparse?: SparseTimes | null;
}

/** Times of an input that holds only some packets of one stream, and no other stream. */
export interface SparseTimes {
  /** Ticks by which its timestamps are below those of the file. */
  shiftPts: number;
  /** Timestamps in the file of the pictures that are on screen at samples, ascending, each once. */
  pictures: readonly number[];
}

/** Options before and after the input; the frames leave by stdout, the digests by stderr. */
export function decodeArgs(asked: DecodeArgsInput): { inputOptions: string[]; outputOptions: string[] } {
  const { sparse } = asked;
  const input = sparse ? { ...asked, video: sparseVideo(asked.video, sparse) } : asked;
  const { graph, digests } = filterGraph(input);
  const digestOutput = digests.flatMap((label) => ['-map', label]);
  // An output of its own: without one, decoding would end as soon as the last sample is there.
  const watchOutput = ['-map', WATCHED, '-fps_mode', 'passthrough', '-f', 'null', '-'];
  return {
    inputOptions: [
      ...['-copyts', '-noautorotate', '-reinit_filter', '0', '-threads', DECODER_THREADS],
      ...decoderHints(input.video),
      ...skipOptions(input),
      ...(sparse ? [] : seekTo(input.video, input.segment.startPts)),
    ],
    outputOptions: [
      ...['-filter_complex_threads', '1', '-filter_complex', graph],
      ...(digests.length === 0 ? [] : [...digestOutput, ...PASS_THROUGH, '-f', 'framemd5', 'pipe:2']),
      ...(input.watch === true ? watchOutput : []),
      ...['-map', '[frames]', ...PASS_THROUGH, '-f', 'rawvideo'],
    ],
  };
}

/** What the file says of a video, as it stands in an input that holds only some of its packets. */
function sparseVideo(video: VideoInfo, { shiftPts }: SparseTimes): VideoInfo {
  return { ...video, firstPts: video.firstPts - shiftPts, streamIndex: 0 };
}

/** Where pictures go that were measured. */
const WATCHED = '[watched]';

/** Neither drop nor repeat pictures to please the output. */
const PASS_THROUGH = ['-fps_mode', 'passthrough', '-c:v', 'rawvideo'];

/** What a decoder needs to know that does not start at the beginning. */
export function decoderHints({ codec, x264Build }: VideoInfo): string[] {
  return codec === 'h264' && x264Build !== null ? ['-x264_build', String(x264Build)] : [];
}

/** Options that start the input at a key frame, given in ticks after the first frame; none for `null`. Pictures before it may still come out. */
export function seekTo(video: VideoInfo, startPts: number | null): string[] {
  if (startPts === null) return [];
  const reorders = /^(matroska|flv)/.test(video.container) && /^(h264|hevc)$/.test(video.codec);
  const seconds = ((video.firstPts + startPts) * video.timeBase.num) / video.timeBase.den;
  // Rounded up: a microsecond too early finds the key frame before.
  const at = Math.ceil((seconds + (reorders ? REORDER_MARGIN_S : 0)) * 1e6) / 1e6;
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', at.toFixed(6)];
}

function skipOptions({ video, plan, watch }: DecodeArgsInput): string[] {
  // Without timestamps pictures are counted, and none may be left out.
  return plan.kind === 'keyframe' && video.timeline === 'source' && watch !== true ? ['-skip_frame', 'nokey'] : [];
}

function filterGraph(input: DecodeArgsInput): { graph: string; digests: string[] } {
  const { video, segment, plan } = input;
  const pictures = plan.kind === 'keyframe' ? 1 : DIGEST_PICTURES;
  const shown = shownFilters(input.sparse ?? null);
  const branches = [{ label: '[frames]', filters: [...shown, ...sampleFilters(input), ...input.frameFilters] }];
  if (segment.startPts !== null) branches.push({ label: '[start]', filters: [`trim=end_frame=${pictures}`] });
  if (segment.nextStartPts !== null) {
    const nextPts = video.firstPts + segment.nextStartPts;
    branches.push({ label: '[next]', filters: [`trim=start_pts=${nextPts}`, `trim=end_frame=${pictures}`] });
  }
  const head = segment.startPts === null ? [] : [`trim=start_pts=${video.firstPts + segment.startPts}`];
  const inner = branches.map((_, index) => `[b${index}]`);
  const watching = input.watch === true;
  const outlets = watching ? [...inner, '[every]'] : inner;
  const chains = [
    `[0:${video.streamIndex}]${[...head, `split=${outlets.length}`].join(',')}${outlets.join('')}`,
    ...branches.map(({ label, filters }, index) => `${inner[index] ?? ''}${filters.join(',')}${label}`),
    ...(watching ? watchChains(input, '[every]', WATCHED) : []),
  ];
  return { graph: chains.join(';'), digests: branches.slice(1).map(({ label }) => label) };
}

/** Filters that leave the pictures on screen at samples and tell which have come. */
function shownFilters(sparse: SparseTimes | null): string[] {
  if (sparse === null) return [];
  const wanted = sparse.pictures.map((pts) => pts - sparse.shiftPts);
  return [`select='${oneOf(wanted)}'`, 'showinfo=checksum=0'];
}

/**
 * Filters that leave exactly one picture for each sample wanted, by the source's timestamps alone. On the grid each picture is given the number of the
 * first sample at or after it, ceil((pts − first) / spacing); `fps` at one picture per number then keeps the last of those with the same number and
 * repeats a picture over numbers that have none, which is: the last with pts ≤ t.
 */
function sampleFilters({ video, plan, segment, from, sparse }: DecodeArgsInput): string[] {
  const { num, den } = video.timeBase;
  if (plan.kind === 'keyframe') {
    const wanted = plan.pts.slice(from, segment.to).map((pts) => `eq(pts,${video.firstPts + pts})`);
    return [`select='${balancedSum(wanted)}'`, 'showinfo=checksum=0'];
  }
  const tick = rational(1, den);
  const perTick = divide(video.timeline === 'counted' ? { num, den } : tick, plan.spacing);
  const numbered =
    video.timeline === 'counted'
      ? ['settb=1', `setpts=ceil(N*${perTick.num}/${perTick.den})`]
      : // In ticks of 1/den a whole second is a whole number, so that the number survives the change of time base.
        [
          `settb=1/${den}`,
          `setpts=ceil((PTS-(${video.firstPts * num}))*${perTick.num}/${perTick.den})*${den}`,
          'settb=1',
        ];
  // The container may be wrong about how long the last picture lasts; where some are left out it says nothing about it.
  const holds = sparse ? segment.to - from : 1;
  const held = video.damaged ? [] : [`tpad=stop=${holds}:stop_mode=clone`];
  return [...numbered, 'fps=1:round=near:start_time=0', ...held, `trim=start_pts=${from}:end_pts=${segment.to}`];
}

/** ffmpeg refuses expressions that are nested deeper than 100, and takes a + b + c for (a + b) + c: halving keeps any number of terms shallow. */
function balancedSum(terms: readonly string[]): string {
  if (terms.length <= 2) return terms.join('+');
  const half = terms.length >> 1;
  return `(${balancedSum(terms.slice(0, half))})+(${balancedSum(terms.slice(half))})`;
}

/** An expression that is not 0 for pictures with one of these timestamps, ascending; looked up by halves, since it is worked out for each picture. */
function oneOf(pts: readonly number[]): string {
  if (pts.length <= 1) return pts.length === 0 ? '0' : `eq(pts,${pts[0] ?? 0})`;
  const half = pts.length >> 1;
  return `if(lt(pts,${pts[half] ?? 0}),${oneOf(pts.slice(0, half))},${oneOf(pts.slice(half))})`;
}
