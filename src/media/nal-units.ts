import type { FileHandle } from 'node:fs/promises';
import type { PacketTable } from './packet-table.js';

/** What an H.264 packet is for those around it. */
export interface PacketKind {
  /** From here on no picture refers to one before it. */
  isIdr: boolean;
  /** Others may refer to it (nal_ref_idc is not 0). */
  isReference: boolean;
  /** It carries more than a picture, parameter sets for instance: the decoder has to see it. */
  isPinned: boolean;
}

const SLICE = 1;
const IDR_SLICE = 5;
/** Remarks (SEI), delimiters and padding: about the picture that they come with. */
const BESIDE = new Set([6, 9, 12]);
/** Slices are as many as there are threads in an encoder, or rows of macroblocks; more is odd. */
const MOST_UNITS = 300;
const WINDOW_BYTES = 64 * 1024;

/**
 * Kinds of the packets [begin, end) of an H.264 stream whose NAL units stand behind their length of `lengthBytes` bytes, as in MP4 (ISO/IEC 14496-15).
 * `null` when one of them cannot be made out, or is not one whole picture.
 */
export async function packetKinds(
  file: FileHandle,
  { offsets, sizes }: Pick<PacketTable, 'offsets' | 'sizes'>,
  range: { begin: number; end: number },
  lengthBytes: number,
): Promise<PacketKind[] | null> {
  const bytes = new FileWindow(file);
  const kinds: PacketKind[] = [];
  for (let index = range.begin; index < range.end; index++) {
    const kind = await kindOf(bytes, offsets[index] ?? 0, sizes[index] ?? 0, lengthBytes);
    if (kind === null) return null;
    kinds.push(kind);
  }
  return kinds;
}

async function kindOf(
  bytes: FileWindow,
  offset: number,
  size: number,
  lengthBytes: number,
): Promise<PacketKind | null> {
  const types = new Set<number>();
  let [pictures, isReference, isPinned] = [0, false, false];
  let units = 0;
  for (let at = 0; at < size; units++) {
    // The length, the unit's header and the first byte of what is in it.
    const taken = Math.min(lengthBytes + 2, size - at);
    const head = bytes.covers(offset + at, taken) ?? (await bytes.read(offset + at, taken));
    if (head === null || head.length < lengthBytes + 1 || units === MOST_UNITS) return null;
    const length = head.readUIntBE(0, lengthBytes);
    const [header = 0, first = 0] = head.subarray(lengthBytes);
    if (length === 0 || at + lengthBytes + length > size) return null;
    const type = header & 31;
    if (type === SLICE || type === IDR_SLICE) {
      types.add(type);
      // first_mb_in_slice is 0, which is written as the single bit 1: a picture or a field begins.
      if ((first & 0x80) !== 0) pictures++;
      if ((header & 0x60) !== 0) isReference = true;
    } else if (!BESIDE.has(type)) isPinned = true;
    at += lengthBytes + length;
  }
  if (types.size !== 1 || pictures !== 1) return null;
  return { isIdr: types.has(IDR_SLICE), isReference, isPinned };
}

/** The part of a file read last: packets mostly lie one behind the other. */
class FileWindow {
  private start = 0;
  private bytes = Buffer.alloc(0);
  private readonly buffer = Buffer.alloc(WINDOW_BYTES);

  constructor(private readonly file: FileHandle) {}

  /** Bytes at hand; `undefined` when they have to be read. */
  covers(at: number, length: number): Buffer | undefined {
    const from = at - this.start;
    if (from < 0 || from + length > this.bytes.length) return undefined;
    return this.bytes.subarray(from, from + length);
  }

  /** `null` where the file ends before. */
  async read(at: number, length: number): Promise<Buffer | null> {
    const { bytesRead } = await this.file.read(this.buffer, 0, WINDOW_BYTES, at);
    this.start = at;
    this.bytes = this.buffer.subarray(0, bytesRead);
    return this.covers(at, length) ?? null;
  }
}
