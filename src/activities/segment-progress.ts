import { heartbeat } from '@temporalio/activity';
import { countLooks } from '../domain/looked.js';
import type { ChunkRef, Checkpoint, Looked, Observation, SamplePicture } from '../schema/observation.js';
import type { Segment } from '../schema/plan.js';
import type { BlobStore } from '../store/blobs.js';
import { writeChunk } from '../store/observations.js';
import type { RecordStore } from '../store/records.js';

/** Samples whose observations share a blob, counted from the start of the segment: the same blobs whatever was interrupted where. */
const CHUNK_SAMPLES = 100;
/** Observations as JSON after which a chunk ends sooner: they are in every heartbeat, and Temporal takes none of 2 MB. Two detectors make half of it. */
const CHUNK_BYTES = 100_000;
/** Samples an attempt is entered for at a time, before it classifies them: a crash leaves at most this many too many on record, never one too few. */
const ENTERED_SAMPLES = 16;
/** How often the checkpoint goes out, also while a long way is decoded without a sample: a worker that is silent for 5 s counts as dead. */
const HEARTBEAT_MS = 200;

/** How far an attempt has come, kept where the next attempt finds it. */
export class SegmentProgress {
  readonly chunks: ChunkRef[];
  nextSample: number;
  private partialFrom: number;
  private partial: Observation[];
  private partialBytes: number;
  private pictures: SamplePicture[];
  private looked: Looked;
  private readonly resumedAt: number;
  private enteredTo: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly deps: { blobs: BlobStore; records: Pick<RecordStore, 'recordAttempt'> },
    private readonly input: { taskId: string; segment: Segment },
    private readonly attempt: number,
    checkpoint: Checkpoint | undefined,
  ) {
    const { from } = input.segment;
    // A detail of another shape is that of an earlier release: beginning anew costs one segment.
    const resumed =
      checkpoint?.from === from
        ? checkpoint
        : { nextSample: from, chunks: [], partialFrom: from, partial: [], pictures: [], looked: {} };
    this.nextSample = this.resumedAt = this.enteredTo = resumed.nextSample;
    this.chunks = [...resumed.chunks];
    this.partialFrom = resumed.partialFrom;
    this.partial = [...resumed.partial];
    this.partialBytes = bytesOf(resumed.partial);
    this.pictures = [...(resumed.pictures ?? [])];
    this.looked = { ...resumed.looked };
    this.timer = setInterval(() => {
      this.report();
    }, HEARTBEAT_MS);
    this.report();
  }

  /** To be called before a sample is classified. */
  async begin(sample: number): Promise<void> {
    if (sample < this.enteredTo) return;
    await this.enter(Math.min(sample + ENTERED_SAMPLES, this.input.segment.to), this.checkpoint());
  }

  /** Samples classified, by this attempt and those before it. */
  get inspected(): number {
    return this.chunks.reduce((sum, { from, to }) => sum + to - from, this.nextSample - this.partialFrom);
  }

  /**
   * Adds what was seen on a sample, the digest of its picture where that may become evidence, and the names of the detectors that looked at it. Samples
   * come in their order; one that no frame came for is left out.
   */
  async add(
    sample: number,
    observations: readonly Observation[],
    picture: string | null,
    detectors: readonly string[] = [],
  ): Promise<void> {
    if (sample > this.nextSample) {
      await this.writeChunk();
      this.partialFrom = sample;
    }
    this.partial.push(...observations);
    this.partialBytes += bytesOf(observations);
    if (picture !== null) this.pictures.push({ sample, digest: picture });
    this.looked = countLooks(this.looked, detectors);
    this.nextSample = sample + 1;
    const isWhole = (this.nextSample - this.input.segment.from) % CHUNK_SAMPLES === 0;
    if (isWhole || this.partialBytes > CHUNK_BYTES) await this.writeChunk();
  }

  /** Writes what is left and enters what this attempt really classified. The checkpoint stays: the server may be away and never hear of the result. */
  async finish(): Promise<void> {
    await this.writeChunk();
    if (this.nextSample > this.resumedAt) await this.enter(this.nextSample, this.checkpoint());
  }

  /** Sends the last checkpoint; nothing is sent afterwards. */
  stop(): void {
    clearInterval(this.timer);
    this.report();
  }

  private report(): void {
    heartbeat(this.checkpoint());
  }

  private checkpoint(): Checkpoint {
    const { nextSample, chunks, partial } = this;
    return {
      from: this.input.segment.from,
      nextSample,
      chunks: [...chunks],
      partialFrom: this.partialFrom,
      partial: [...partial],
      pictures: [...this.pictures],
      looked: { ...this.looked },
    };
  }

  private async writeChunk(): Promise<void> {
    const { partialFrom: from, nextSample: to, partial: observations, pictures, looked } = this;
    if (from === to) return;
    const ref = await writeChunk(this.deps.blobs, { from, to, observations, pictures, looked });
    this.chunks.push(ref);
    this.partialFrom = to;
    this.partial = [];
    this.partialBytes = 0;
    this.pictures = [];
    this.looked = {};
  }

  /** With how far it has come, for the next attempt: heartbeats do not arrive while the server is away. */
  private async enter(to: number, reached: Checkpoint): Promise<void> {
    this.enteredTo = to;
    const { taskId, segment } = this.input;
    const entry = { taskId, segment: segment.index, attempt: this.attempt, from: this.resumedAt, to };
    await this.deps.records.recordAttempt(entry, reached);
  }
}

/** One by one, so that the sum is the same whether an attempt was resumed or not. */
function bytesOf(observations: readonly Observation[]): number {
  return observations.reduce((sum, observation) => sum + JSON.stringify(observation).length, 0);
}
