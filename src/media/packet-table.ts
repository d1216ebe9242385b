import { stat } from 'node:fs/promises';

/** All packets of a stream, in the order in which they are decoded: one picture each. */
export interface PacketTable {
  /** Presentation timestamps in ticks; no two are equal. */
  pts: readonly number[];
  /** Decoding timestamps in ticks, ascending. */
  dts: readonly number[];
  /** Bytes from the start of the file. */
  offsets: readonly number[];
  /** Bytes. */
  sizes: readonly number[];
  isKey: readonly boolean[];
  /** The presentation timestamps in the order in which pictures are shown. */
  shown: readonly number[];
}

/** Eight hours at 30 Hz: a table then takes some 40 MB. */
const MOST_PACKETS = 900_000;
/** H.264 and HEVC let at most 16 pictures wait for an earlier one. */
const MOST_REORDERED = 16;
/** What a box of an MP4 file can hold. */
const MOST_TICKS = 2 ** 31 - 1;

/** Makes a table packet by packet. */
export class PacketTableBuilder {
  private readonly pts: number[] = [];
  private readonly dts: number[] = [];
  private readonly offsets: number[] = [];
  private readonly sizes: number[] = [];
  private readonly isKey: boolean[] = [];
  private isUsable = true;

  /** Takes one packet; a field not known is NaN. `isShown`: not cut off by an edit list. */
  add(packet: { pts: number; dts: number; offset: number; size: number; isKey: boolean; isShown: boolean }): void {
    const { pts, dts, offset, size, isKey, isShown } = packet;
    const known = ![pts, dts, offset, size].some(Number.isNaN);
    const ordered = pts >= dts && pts - dts <= MOST_TICKS && !(dts < (this.dts.at(-1) ?? dts));
    if (!known || !ordered || !isShown || this.pts.length === MOST_PACKETS) this.isUsable = false;
    if (!this.isUsable) return;
    this.pts.push(pts);
    this.dts.push(dts);
    this.offsets.push(offset);
    this.sizes.push(size);
    this.isKey.push(isKey);
  }

  /**
   * The table, or `null` when packets and pictures shown do not go together one to one.
   * @param delay Pictures that the decoder lets wait for an earlier one. Where more have to, it throws some away.
   */
  result(delay: number): PacketTable | null {
    const { pts, dts, offsets, sizes, isKey } = this;
    if (!this.isUsable || pts.length === 0 || reordering(pts) > delay) return null;
    const shown = [...pts].sort((a, b) => a - b);
    if (shown.some((at, index) => at === shown[index - 1])) return null;
    return { pts, dts, offsets, sizes, isKey, shown };
  }
}

/** The most pictures that are decoded before one and shown after it. */
function reordering(pts: readonly number[]): number {
  let most = 0;
  pts.forEach((at, index) => {
    let later = 0;
    for (let before = Math.max(0, index - 2 * MOST_REORDERED); before < index; before++) {
      if ((pts[before] ?? at) > at) later++;
    }
    most = Math.max(most, later);
  });
  return most;
}

/** Tables of the files last looked at: the one who probes a file mostly decodes it next. */
const known = new Map<string, Promise<PacketTable | null>>();
const KEPT_FILES = 4;

/** A file as it is now, and a stream in it. */
export async function packetKeys(path: string): Promise<(streamIndex: number) => string> {
  const { size, mtimeMs, ino } = await stat(path);
  return (streamIndex) => [streamIndex, size, mtimeMs, ino, path].join(' ');
}

/** Keeps a table for those who ask next; `null`: there is none, or it did not hold. */
export function rememberPackets(key: string, packets: PacketTable | null): void {
  keep(key, Promise.resolve(packets));
}

/** The table kept, or that which `read` finds. */
export function knownPackets(key: string, read: () => Promise<PacketTable | null>): Promise<PacketTable | null> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const packets = read();
  keep(key, packets);
  packets.catch(() => known.delete(key));
  return packets;
}

function keep(key: string, packets: Promise<PacketTable | null>): void {
  known.delete(key);
  known.set(key, packets);
  for (const oldest of known.keys()) {
    if (known.size <= KEPT_FILES) break;
    known.delete(oldest);
  }
}
