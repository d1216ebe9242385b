import type { FileHandle } from 'node:fs/promises';

/** How an MP4 file describes the H.264 packets of a track. */
export interface SampleEntry {
  /** Its whole `stsd` box. */
  stsd: Buffer;
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  lengthBytes: number;
}

interface Box {
  type: string;
  /** Of what is in it. */
  start: number;
  end: number;
  headerBytes: number;
}

/** A description holds parameter sets and little else. */
const MOST_STSD_BYTES = 64 * 1024;
/** Before the boxes in a visual sample entry (ISO/IEC 14496-12): the entry's own header and 78 bytes of fields. */
const ENTRY_BYTES = 8 + 78;
const MOST_BOXES = 10_000;

/**
 * The description of the n-th track, or `null` when it is not one of H.264 pictures in the given ticks a second, or its packets have more than one.
 */
export async function readSampleEntry(file: FileHandle, track: number, timescale: number): Promise<SampleEntry | null> {
  const { size } = await file.stat();
  const moov = (await boxesIn(file, { start: 0, end: size }, 'moov')).at(-1);
  const trak = moov && (await boxesIn(file, moov)).filter(({ type }) => type === 'trak')[track];
  const mdia = trak && (await child(file, trak, 'mdia'));
  const mdhd = mdia && (await child(file, mdia, 'mdhd'));
  const minf = mdia && (await child(file, mdia, 'minf'));
  const stbl = minf && (await child(file, minf, 'stbl'));
  const box = stbl && (await child(file, stbl, 'stsd'));
  if (!mdhd || !box || box.end - box.start > MOST_STSD_BYTES) return null;
  const header = await bytesAt(file, mdhd.start, Math.min(24, mdhd.end - mdhd.start));
  const at = header[0] === 1 ? 20 : 12;
  if (header.length < at + 4 || header.readUInt32BE(at) !== timescale) return null;
  const stsd = await bytesAt(file, box.start - box.headerBytes, box.end - box.start + box.headerBytes);
  const lengthBytes = lengthBytesOf(stsd.subarray(box.headerBytes));
  return lengthBytes === null ? null : { stsd, lengthBytes };
}

/** From the `avcC` box of the only entry. */
function lengthBytesOf(content: Buffer): number | null {
  if (content.length < 16 || content.readUInt32BE(4) !== 1) return null;
  const entry = content.subarray(8, 8 + content.readUInt32BE(8));
  if (!/^avc[13]$/.test(entry.toString('latin1', 4, 8))) return null;
  for (let at = ENTRY_BYTES; at + 8 <= entry.length;) {
    const size = entry.readUInt32BE(at);
    if (size < 8 || at + size > entry.length) return null;
    if (entry.toString('latin1', at + 4, at + 8) === 'avcC' && size >= 8 + 7) {
      const bytes = ((entry[at + 8 + 4] ?? 0) & 3) + 1;
      return bytes === 3 ? null : bytes;
    }
    at += size;
  }
  return null;
}

async function child(file: FileHandle, parent: Box, type: string): Promise<Box | undefined> {
  return (await boxesIn(file, parent, type)).at(-1);
}

/** The boxes in a part of a file, to its end or the first of the type `last`; those behind a broken one are not seen. */
async function boxesIn(
  file: FileHandle,
  { start, end }: { start: number; end: number },
  last?: string,
): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end && boxes.length < MOST_BOXES;) {
    const header = await bytesAt(file, at, Math.min(16, end - at));
    if (header.length < 8) break;
    const short = header.readUInt32BE(0);
    const isLong = short === 1 && header.length === 16;
    const [size, headerBytes] = isLong ? [Number(header.readBigUInt64BE(8)), 16] : [short === 0 ? end - at : short, 8];
    if (size < headerBytes || at + size > end) break;
    const type = header.toString('latin1', 4, 8);
    boxes.push({ type, start: at + headerBytes, end: at + size, headerBytes });
    if (type === last) return boxes;
    at += size;
  }
  return last === undefined ? boxes : [];
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}
