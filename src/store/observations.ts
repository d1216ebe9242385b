import { sumLooks } from '../domain/looked.js';
import type { ChunkRef, Looked, Observation, ObservationChunk } from '../schema/observation.js';
import type { BlobStore } from './blobs.js';

/** Stores the observations of the samples [from, to); equal observations give equal bytes. */
export async function writeChunk(blobs: BlobStore, chunk: ObservationChunk): Promise<ChunkRef> {
  const digest = await blobs.put(Buffer.from(JSON.stringify(chunk)));
  return { from: chunk.from, to: chunk.to, digest };
}

/** All observations of these chunks, in their order. */
export async function readObservations(blobs: BlobStore, chunks: readonly ChunkRef[]): Promise<Observation[]> {
  return (await readChunks(blobs, chunks)).flatMap((chunk) => chunk.observations);
}

/** Digests of the pictures that may become evidence, by sample, as far as these chunks have them. */
export async function readPictures(blobs: BlobStore, chunks: readonly ChunkRef[]): Promise<Map<number, string>> {
  const pictures = (await readChunks(blobs, chunks)).flatMap((chunk) => chunk.pictures ?? []);
  return new Map(pictures.map(({ sample, digest }) => [sample, digest]));
}

/** All that a verdict rests on: the observations of these chunks, in their order, and the samples that each detector looked at, where all of them know. */
export async function readSeen(
  blobs: BlobStore,
  chunks: readonly ChunkRef[],
): Promise<{ observations: Observation[]; looked?: Looked }> {
  const read = await readChunks(blobs, chunks);
  // What was said of no samples was said without looking at one.
  const looked = sumLooks(read.filter(({ from, to }) => to > from).map((chunk) => chunk.looked));
  return { observations: read.flatMap((chunk) => chunk.observations), ...(looked && { looked }) };
}

function readChunks(blobs: BlobStore, chunks: readonly ChunkRef[]): Promise<ObservationChunk[]> {
  return Promise.all(
    chunks.map(async ({ digest }) => JSON.parse((await blobs.get(digest)).toString()) as ObservationChunk),
  );
}
