import { stat } from 'node:fs/promises';
import { firstPerSpacing, spacingOf } from '../domain/sample-plan.js';
import type { ModerationOptions } from '../schema/options.js';
import type { Colour, Rational, VideoInfo } from '../schema/video.js';
import { EmptyFileError, EncryptedError, NotAFileError, UnreadableError, ZeroDurationError } from './errors.js';
import { chooseStream, readFile, readHead, type Head, type StreamEntry } from './ffprobe.js';
import { scanPackets, type PacketScan } from './packet-scan.js';
import { packetKeys, rememberPackets } from './packet-table.js';
import type { MediaTools } from './tools.js';
import { readX264Build } from './x264-build.js';

/**
 * What is known of a file's moderated stream without decoding more than its first pictures: that which a player would show, and all its packets.
 * @throws {NotAFileError | EmptyFileError | UnreadableError | NoVideoStreamError | EncryptedError | ZeroDurationError} all of them permanent.
 */
export async function probe(
  path: string,
  options: Pick<ModerationOptions, 'interval' | 'maxFrames' | 'coverage'>,
  run: { tools: MediaTools; signal: AbortSignal },
): Promise<VideoInfo> {
  await assertFile(path);
  const keyOf = await packetKeys(path);
  const refused = new AbortController();
  const both = { ...run, signal: AbortSignal.any([run.signal, refused.signal]) };
  const reading = readFile(path, both).then((file) => ({ ...file, stream: chooseStream(path, file.streams) }));
  const looked = Promise.all([reading, scanPackets(path, both)]);
  // What one of them refuses the other need not read to its end.
  looked.catch(() => {
    refused.abort();
  });
  const [{ container, stream, head: only }, scans] = await looked;
  const head = only ?? (await readHead(path, stream.index, run));
  if (head.isEncrypted) throw new EncryptedError(path, 'common encryption');
  const scan = scans(stream, container);
  if (scan.frameCount === 0) throw new ZeroDurationError(path);
  rememberPackets(keyOf(stream.index), scan.packets);
  const pixelFormat = head.pixelFormat ?? stream.pixelFormat;
  if (pixelFormat === null) throw new UnreadableError(path, `no picture of its ${stream.codec} stream can be decoded`);
  const times = timesOf(stream, scan, head);
  const spacing = spacingOf(times.durationPts, times.timeBase, options);
  return {
    container,
    codec: stream.codec,
    profile: stream.profile,
    pixelFormat,
    ...displayedSize(stream, head),
    rotationDeg: stream.rotationDeg,
    ...(stream.mirrored && { mirrored: true }),
    interlaced: head.interlaced,
    colour: mergeColour(head.colour, stream.colour),
    frameRate: frameRateOf(stream, times),
    frameCount: scan.frameCount,
    streamIndex: stream.index,
    ...times,
    durationS: (times.durationPts * times.timeBase.num) / times.timeBase.den,
    keyFramePts: firstPerSpacing(times.keyFramePts, spacing, times.timeBase),
    x264Build: stream.codec === 'h264' ? await readX264Build(path, scan.firstPacket) : null,
    damaged: scan.damaged,
  };
}

async function assertFile(path: string): Promise<void> {
  const stats = await stat(path);
  if (!stats.isFile()) throw new NotAFileError(path);
  if (stats.size === 0) throw new EmptyFileError(path);
}

type Times = Pick<VideoInfo, 'timeline' | 'timeBase' | 'firstPts' | 'durationPts' | 'keyFramePts'>;

/** Pictures a second where a stream does not say: what film and most phones come near. */
const ASSUMED_RATE: Rational = { num: 25, den: 1 };

function timesOf(stream: StreamEntry, scan: PacketScan, head: Head): Times {
  const rate = stream.averageRate ?? stream.nominalRate ?? ASSUMED_RATE;
  if (scan.times === null) {
    const counted = stream.nominalRate ?? rate;
    const timeBase = { num: counted.den, den: counted.num };
    return { timeline: 'counted', timeBase, firstPts: 0, durationPts: scan.frameCount, keyFramePts: [0] };
  }
  const { timeBase } = stream;
  // A decoder can leave out the first packets' pictures, where those refer to others that the file does not hold.
  const firstPts = head.firstPts ?? scan.times.firstPts;
  const frameTicks = Math.max(1, Math.round((timeBase.den * rate.den) / (timeBase.num * rate.num)));
  const lastTicks = scan.times.lastDuration > 0 ? scan.times.lastDuration : frameTicks;
  return {
    timeline: 'source',
    timeBase,
    firstPts,
    durationPts: Math.max(1, scan.times.lastPts + lastTicks - firstPts),
    keyFramePts: scan.times.keyFramePts
      .map((pts) => pts - firstPts)
      .filter((pts) => pts >= 0)
      .sort((a, b) => a - b),
  };
}

/**
 * The decoder's own size counts: containers are now and then wrong about it. Pixels that are not square are made so by the width alone: lines stay what they
 * are, also those of two fields.
 */
function displayedSize(stream: StreamEntry, head: Head): { widthPx: number; heightPx: number } {
  const [stored, height] = [head.widthPx ?? stream.widthPx, head.heightPx ?? stream.heightPx];
  const width = Math.max(1, Math.round(stored * stream.pixelAspect));
  return stream.rotationDeg % 180 === 0 ? { widthPx: width, heightPx: height } : { widthPx: height, heightPx: width };
}

function frameRateOf(stream: StreamEntry, times: Times): number {
  const rate = stream.averageRate ?? stream.nominalRate ?? ASSUMED_RATE;
  return times.timeline === 'counted' ? times.timeBase.den / times.timeBase.num : rate.num / rate.den;
}

function mergeColour(first: Colour | null, second: Colour): Colour {
  return {
    matrix: first?.matrix ?? second.matrix,
    range: first?.range ?? second.range,
    transfer: first?.transfer ?? second.transfer,
    primaries: first?.primaries ?? second.primaries,
  };
}
