import type { Rational } from '../schema/video.js';
import { ffprobe, type ProbeRun } from './ffprobe.js';

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
}

/** In transport and program streams a longer gap is a break in the clock, over which players go on at once; elsewhere the picture stands still. */
const CLOCK_BREAK_S = 10;

/** Messages of demuxers at error level that tell of no damage. */
const HARMLESS = /Referenced QT chapter track not found/;

/** Reads all packets of a stream; costs about the time to read the file. */
export async function scanPackets(
  path: string,
  stream: { index: number; timeBase: Rational },
  container: string,
  run: ProbeRun,
): Promise<PacketScan> {
  const { index, timeBase } = stream;
  const scan = new Scan(/^mpeg(ts)?$/.test(container) ? (CLOCK_BREAK_S * timeBase.den) / timeBase.num : Infinity);
  const entries = 'packet=pts,dts,duration,size,pos,flags';
  const args = ['-select_streams', String(index), '-show_entries', entries, '-of', 'compact=p=0'];
  const { errors } = await ffprobe(path, args, run, (line) => {
    scan.add(line);
  });
  const damaged = errors.some((error) => error.startsWith(`${container}: `) && !HARMLESS.test(error));
  return scan.result(damaged);
}

class Scan {
  private frameCount = 0;
  private firstPacket: PacketScan['firstPacket'] = null;
  private isTimed = true;
  private lastDts = NaN;
  private firstPts = Infinity;
  private lastPts = -Infinity;
  private lastDuration = 0;
  private readonly keyFramePts: number[] = [];

  constructor(private readonly maxGap: number) {}

  /** Takes one line such as `pts=0|dts=-1024|duration=512|size=5172|pos=48|flags=K_`. */
  add(line: string): void {
    const fields = new Map(line.split('|').map((field) => field.split('=', 2) as [string, string]));
    const flags = fields.get('flags');
    if (flags === undefined) return;
    const number = (name: string): number => Number(fields.get(name) ?? NaN);
    const [pts, dts, duration] = [number('pts'), number('dts'), number('duration')];
    this.firstPacket ??= placeOf(number('pos'), number('size'));
    if (dts < this.lastDts || dts - this.lastDts > this.maxGap) this.isTimed = false;
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

  result(damaged: boolean): PacketScan {
    const { frameCount, firstPacket, firstPts, lastPts, lastDuration, keyFramePts } = this;
    const times = this.isTimed && frameCount > 0 ? { firstPts, lastPts, lastDuration, keyFramePts } : null;
    return { frameCount, times, firstPacket, damaged };
  }
}

function placeOf(offset: number, sizeBytes: number): PacketScan['firstPacket'] {
  return Number.isNaN(offset) || Number.isNaN(sizeBytes) ? null : { offset, sizeBytes };
}
