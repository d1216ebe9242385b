import { open } from 'node:fs/promises';

/** The text stands at the front of the first packet; behind it may be a whole key frame. */
const READ_BYTES = 16 * 1024;

/**
 * Build number of the x264 that made a stream, as it says itself in the first packet; `null` when it does not. Decoders work around faults of old
 * builds, and one that starts at a seek point never sees this packet.
 */
export async function readX264Build(
  path: string,
  firstPacket: { offset: number; sizeBytes: number } | null,
): Promise<number | null> {
  if (firstPacket === null) return null;
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(Math.min(READ_BYTES, firstPacket.sizeBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, firstPacket.offset);
    const build = /x264 - core (\d+)/.exec(buffer.toString('latin1', 0, bytesRead))?.[1];
    return build === undefined ? null : Number(build);
  } finally {
    await file.close();
  }
}
