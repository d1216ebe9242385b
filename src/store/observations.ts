import type { ChunkRef, Observation, ObservationChunk } from '../schema/observation.js';
import type { BlobStore } from './blobs.js';

/** Stores the observations of the samples [from, to); equal observations give equal bytes. */
export async function writeChunk(blobs: BlobStore, chunk: ObservationChunk): Promise<ChunkRef> {
  const digest = await blobs.put(Buffer.from(JSON.stringify(chunk)));
  return { from: chunk.from, to: chunk.to, digest };
}

/** All observations of these chunks, in their order. */
export async function readObservations(blobs: BlobStore, chunks: readonly ChunkRef[]): Promise<Observation[]> {
  const read = await Promise.all(
    chunks.map(async ({ digest }) => JSON.parse((await blobs.get(digest)).toString()) as ObservationChunk),
  );
  return read.flatMap((chunk) => chunk.observations);
}
