import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '../process/leftovers.js';
import type { SamplingMode } from '../schema/options.js';
import type { SamplePlan, Segment } from '../schema/plan.js';
import type { VideoInfo } from '../schema/video.js';
import { DIGEST_PICTURES, type SparseTimes } from './decode-args.js';
import { isHdr } from './frame-format.js';
import { mp4Index } from './mp4-index.js';
import { readSampleEntry } from './mp4-sample-entry.js';
import { packetKinds } from './nal-units.js';
import { neededPackets, wantedPictures } from './needed-packets.js';
import { scanPackets } from './packet-scan.js';
import { knownPackets, packetKeys, rememberPackets, type PacketTable } from './packet-table.js';
import type { ProbeRun } from './run-ffprobe.js';
import type { MediaTools } from './tools.js';

/** What is asked of a decoder, as in `DecodeRequest`. */
export interface SparseRequest {
  path: string;
  video: VideoInfo;
  plan: SamplePlan;
  segment: Segment;
  sampling: SamplingMode;
  from: number;
  tools: MediaTools;
}

/** An input that holds only the packets that the pictures of a segment depend on, as its decoder is told of it: nothing but data. */
export interface SparseFrames extends SparseTimes {
  /** File that stands before the video's own, and makes it hold only those packets. */
  front: string;
  /** The picture on screen at each sample from the first one wanted on, by its timestamp in the file. */
  shown: readonly number[];
}

/** The same as it is made, used and removed. */
export interface SparseInput {
  frames: SparseFrames;
  /** Packets left out of the segment, and all of it up to the last one needed. */
  leftOut: number;
  packets: number;
  /** Files decoded without some of their packets turn out otherwise: from now on this one is decoded in full. */
  mistrust(): void;
  remove(): Promise<void>;
}

/** The list of pictures on screen is an argument of ffmpeg, and Linux takes none above 128 KiB. */
const MOST_PICTURES = 2000;

/**
 * The packets that a segment needs in sampling mode `fast`, or `null` where it is to be decoded in full: only H.264 in MP4 and MOV tells cheaply and
 * surely what refers to what, and only with plain timestamps.
 */
export async function sparseInput(request: SparseRequest, signal: AbortSignal): Promise<SparseInput | null> {
  const { path, video, plan, segment, from } = request;
  if (!isPlain(request)) return null;
  const key = (await packetKeys(path))(video.streamIndex);
  const packets = await knownPackets(key, () => readPackets(path, video, { tools: request.tools, signal }));
  if (packets === null) return null;
  const { shown, wanted } = wantedPictures(video, plan, segment, from, packets, DIGEST_PICTURES);
  const pictures = [...new Set(shown)];
  if (shown.length !== segment.to - from || pictures.length > MOST_PICTURES) return null;
  const startPts = segment.startPts === null ? null : video.firstPts + segment.startPts;
  const file = await open(path);
  try {
    const needed = await indexOf(file, video, packets, { startPts, wanted });
    if (needed === null) return null;
    const directory = await mkdtemp(join(request.tools.workDir ?? tmpdir(), processMark()));
    const front = join(directory, 'index.mp4');
    await writeFile(front, needed.index);
    return {
      frames: { front, shown, pictures, shiftPts: needed.shiftPts },
      ...{ leftOut: needed.leftOut, packets: needed.packets },
      mistrust: () => {
        rememberPackets(key, null);
      },
      remove: () => rm(directory, { recursive: true, force: true }),
    };
  } finally {
    await file.close();
  }
}

function isPlain({ path, video, plan, sampling, segment, from, tools }: SparseRequest): boolean {
  if (sampling !== 'fast' || plan.kind !== 'grid' || from >= segment.to) return false;
  // Each `|` would begin another file.
  if (`${path}${tools.workDir ?? tmpdir()}`.includes('|')) return false;
  const { codec, container, timeline, timeBase, interlaced, damaged } = video;
  const told = codec === 'h264' && container.startsWith('mov,') && timeline === 'source' && timeBase.num === 1;
  return told && !interlaced && !damaged && !isHdr(video);
}

/** Where another process has probed the file. */
async function readPackets(path: string, video: VideoInfo, run: ProbeRun): Promise<PacketTable | null> {
  const scans = await scanPackets(path, run);
  return scans({ ...video, index: video.streamIndex }, video.container).packets;
}

/** The index of what is needed; `null` where that is all, or is not known. */
async function indexOf(
  file: FileHandle,
  { streamIndex, timeBase }: VideoInfo,
  packets: PacketTable,
  { startPts, wanted }: { startPts: number | null; wanted: ReadonlySet<number> },
): Promise<{ index: Buffer; shiftPts: number; leftOut: number; packets: number } | null> {
  const { pts, dts } = packets;
  const begin = startPts === null ? 0 : pts.indexOf(startPts);
  const end = pts.findLastIndex((at) => wanted.has(at)) + 1;
  const entry = await readSampleEntry(file, streamIndex, timeBase.den);
  if (begin === -1 || end <= begin || entry === null) return null;
  const kinds = await packetKinds(file, packets, { begin, end }, entry.lengthBytes);
  // Pictures after any other key frame may refer to some before it, which a decoder that seeks may have seen.
  if (kinds === null || (startPts !== null && kinds[0]?.isIdr !== true)) return null;
  const indices = neededPackets(kinds, (index) => wanted.has(pts[begin + index] ?? NaN)).map((index) => begin + index);
  const shiftPts = dts[indices[0] ?? begin] ?? 0;
  if (indices.length === kinds.length) return null;
  const track = { timescale: timeBase.den, stsd: entry.stsd, packets, indices };
  const index = mp4Index(track, (await file.stat()).size);
  return { index, shiftPts, leftOut: kinds.length - indices.length, packets: kinds.length };
}
