import type { Rational } from '../schema/video.js';
import { MOVING } from './ffprobe.js';
import { PacketTableBuilder, type PacketTable } from './packet-table.js';
import { ffprobe, type ProbeRun } from './run-ffprobe.js';

/** What all packets of a stream say, without decoding any. */
export interface PacketScan {
  /** Packets that are shown: those cut off by an edit list are not. */
  frameCount: number;
  /** In ticks; `null` when timestamps are missing, run backwards or jump. */
  times: { firstPts: number; lastPts: number; lastDuration: number; keyFramePts: number[] } | null;
  /** Where the first packet lies in the file; `null` when not known. */
  firstPacket: { offset: number; sizeBytes: number } | null;
  /** The container ends early or is broken. */
  damaged: boolean;
  /** For H.264 in MP4 and MOV; `null` for others, and where packets and pictures shown do not go together one to one. */
  packets: PacketTable | null;
}

/** In transport and program streams a longer gap is a break in the clock, over which players go on at once; elsewhere the picture stands still. */
const CLOCK_BREAK_S = 10;

/** Messages of demuxers at error level that tell of no damage. */
const HARMLESS = /Referenced QT chapter track not found/;

/** What container and stream have to be known for. */
export interface ScannedStream {
  index: number;
  timeBase: Rational;
  codec: string;
}

/** What the packets of each stream of moving pictures say. */
export type PacketScans = (stream: ScannedStream, container: string) => PacketScan;

/** Reads all packets of moving pictures; costs about the time to read the file. What they mean is asked when container and stream are known. */
export async function scanPackets(path: string, run: ProbeRun): Promise<PacketScans> {
  const scans = new Map<number, Scan>();
  const entries = 'packet=stream_index,pts,dts,duration,size,pos,flags:stream=index,has_b_frames';
  const args = [...MOVING, '-show_entries', entries, '-of', 'compact=p=0'];
  const { errors } = await ffprobe(path, args, run, (line) => {
    const fields = new Map(line.split('|').map((field) => field.split('=', 2) as [string, string]));
    const index = Number(fields.get('stream_index') ?? fields.get('index'));
    const scan = scans.get(index) ?? new Scan();
    scans.set(index, scan);
    scan.add(fields);
  });
  return (stream, container) => {
    const damaged = errors.some((error) => error.startsWith(`${container}: `) && !HARMLESS.test(error));
    return (scans.get(stream.index) ?? new Scan()).result(stream, container, damaged);
  };
}

class Scan {
  private frameCount = 0;
  private firstPacket: PacketScan['firstPacket'] = null;
  private isTimed = true;
  private lastDts = NaN;
  private largestGap = 0;
  private firstPts = Infinity;
  private lastPts = -Infinity;
  private lastDuration = 0;
  private readonly keyFramePts: number[] = [];

  private readonly table = new PacketTableBuilder();
  private delay = 0;

  /** Takes one line such as `stream_index=0|pts=0|dts=-1024|duration=512|size=5172|pos=48|flags=K_`, or `index=0|has_b_frames=2` behind them all. */
  add(fields: ReadonlyMap<string, string>): void {
    const flags = fields.get('flags');
    const number = (name: string): number => Number(fields.get(name) ?? NaN);
    if (fields.has('has_b_frames')) this.delay = number('has_b_frames');
    if (flags === undefined) return;
    const [pts, dts, duration] = [number('pts'), number('dts'), number('duration')];
    const [offset, size] = [number('pos'), number('size')];
    this.firstPacket ??= placeOf(offset, size);
    this.table.add({ pts, dts, offset, size, isKey: flags.includes('K'), isShown: !flags.includes('D') });
    if (dts < this.lastDts) this.isTimed = false;
    if (dts - this.lastDts > this.largestGap) this.largestGap = dts - this.lastDts;
    if (!Number.isNaN(dts)) this.lastDts = dts;
    if (flags.includes('D')) return;
    this.frameCount++;
    if (Number.isNaN(pts)) {
      this.isTimed = false;
      return;
    }
    this.firstPts = Math.min(this.firstPts, pts);
    if (pts > this.lastPts) {
      this.lastPts = pts;
      this.lastDuration = Number.isNaN(duration) ? 0 : duration;
    }
    if (flags.includes('K')) this.keyFramePts.push(pts);
  }

  result({ codec, timeBase }: ScannedStream, container: string, damaged: boolean): PacketScan {
    const { frameCount, firstPacket, firstPts, lastPts, lastDuration, keyFramePts } = this;
    const maxGap = /^mpeg(ts)?$/.test(container) ? (CLOCK_BREAK_S * timeBase.den) / timeBase.num : Infinity;
    const isTimed = this.isTimed && this.largestGap <= maxGap && frameCount > 0;
    const times = isTimed ? { firstPts, lastPts, lastDuration, keyFramePts } : null;
    const tabled = codec === 'h264' && /^mov,/.test(container) && timeBase.num === 1;
    const packets = tabled && times !== null && !damaged ? this.table.result(this.delay) : null;
    return { frameCount, times, firstPacket, damaged, packets };
  }
}

function placeOf(offset: number, sizeBytes: number): PacketScan['firstPacket'] {
  return Number.isNaN(offset) || Number.isNaN(sizeBytes) ? null : { offset, sizeBytes };
}
