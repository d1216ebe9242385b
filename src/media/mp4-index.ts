import type { PacketTable } from './packet-table.js';

/** What an index tells of a track. */
export interface IndexedTrack {
  /** Ticks a second. */
  timescale: number;
  /** As the packets' own file describes them. */
  stsd: Buffer;
  packets: PacketTable;
  /** Of those packets the ones in the index, ascending. */
  indices: readonly number[];
}

/**
 * The front of an MP4 file (ISO/IEC 14496-12) whose `mdat` box is to hold another file as it is: the bytes of the index and those of that file, one
 * behind the other, are a file with only the chosen packets. Times begin at 0 with the first packet's decoding.
 * @param fileBytes Size of that other file.
 */
export function mp4Index(track: IndexedTrack, fileBytes: number): Buffer {
  const front = (indexBytes: number): Buffer => Buffer.concat([FTYP, moov(track, indexBytes), mdatHeader(fileBytes)]);
  // The offsets count from the front of the index, whose size does not depend on them.
  return front(front(0).length);
}

const MATRIX = u32([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]);
const FTYP = box('ftyp', text('isom'), u32([512]), text('isomavc1'));

function mdatHeader(fileBytes: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(16 + fileBytes));
  return Buffer.concat([u32([1]), text('mdat'), size]);
}

function moov(track: IndexedTrack, indexBytes: number): Buffer {
  const { timescale, stsd } = track;
  const dinf = box('dinf', box('dref', u32([0, 1]), box('url ', u32([1]))));
  const minf = box('minf', box('vmhd', u32([1, 0, 0])), dinf, box('stbl', stsd, ...sampleTables(track, indexBytes)));
  const mdhd = box('mdhd', u32([0, 0, 0, timescale, 0, 0]));
  const mdia = box('mdia', mdhd, box('hdlr', u32([0, 0]), text('vide'), Buffer.alloc(13)), minf);
  const tkhd = box('tkhd', u32([3, 0, 0, 1, 0, 0, 0, 0, 0, 0]), MATRIX, u32([0, 0]));
  const mvhd = box('mvhd', u32([0, 0, 0, timescale, 0, 0x10000, 0x1000000, 0, 0]), MATRIX, Buffer.alloc(24), u32([2]));
  return box('moov', mvhd, box('trak', tkhd, mdia));
}

/** Every packet is a run and a chunk of its own. */
function sampleTables({ packets, indices }: IndexedTrack, indexBytes: number): Buffer[] {
  const of = (values: readonly number[], index: number): number => values[index] ?? 0;
  const { pts, dts, offsets, sizes, isKey } = packets;
  const count = indices.length;
  const durations = indices.map((index, n) => {
    const next = indices[n + 1];
    return next === undefined ? 1 : of(dts, next) - of(dts, index);
  });
  const delays = indices.map((index) => of(pts, index) - of(dts, index));
  const keys = indices.flatMap((index, n) => (isKey[index] === true ? [n + 1] : []));
  const places = Buffer.alloc(8 * count);
  indices.forEach((index, n) => places.writeBigUInt64BE(BigInt(of(offsets, index) + indexBytes), 8 * n));
  return [
    box('stts', u32([0, count]), u32(durations.flatMap((duration) => [1, duration]))),
    box('ctts', u32([0, count]), u32(delays.flatMap((delay) => [1, delay]))),
    box('stss', u32([0, keys.length]), u32(keys)),
    box('stsc', u32([0, 1, 1, 1, 1])),
    box('stsz', u32([0, 0, count]), u32(indices.map((index) => of(sizes, index)))),
    box('co64', u32([0, count]), places),
  ];
}

function box(type: string, ...content: readonly Buffer[]): Buffer {
  const size = content.reduce((sum, { length }) => sum + length, 8);
  return Buffer.concat([u32([size]), text(type), ...content]);
}

function u32(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

function text(characters: string): Buffer {
  return Buffer.from(characters, 'latin1');
}
