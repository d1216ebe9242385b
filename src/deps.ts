import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityDeps } from './activities/index.js';
import { forbidTelemetry, type Config } from './config.js';
import { createDetectors, type DetectorSet } from './detectors/registry.js';
import { childrenDirOf } from './owner/owner.js';
import { removeLeftovers } from './process/leftovers.js';
import { fileSources } from './sources/file.js';
import { openBlobDirectory } from './store/blob-directory.js';
import type { BlobStore } from './store/blobs.js';
import type { RecordStore } from './store/records.js';

/** What an installation keeps: enough for commands that only read. */
export interface Stores {
  records: RecordStore;
  blobs: BlobStore;
}

/** File of the records of a data directory. */
export const recordsFile = (dataDir: string): string => join(dataDir, 'framewarden.db');

/** Opens the stores of a data directory, which is made when it is not there. Close them by `records.close()`. */
export async function openStores(dataDir: string): Promise<Stores> {
  await mkdir(dataDir, { recursive: true });
  // The library behind it takes a tenth of a second to load: whoever has models or a server to start does that first.
  const { openRecordStore } = await import('./store/sqlite/open-record-store.js');
  const [records, blobs] = await Promise.all([
    openRecordStore(recordsFile(dataDir)),
    openBlobDirectory(join(dataDir, 'blobs')),
  ]);
  return { records, blobs };
}

/** What activities reach the world through, and how to let go of it; the stores stay open. */
export type WorkerDeps = ActivityDeps & WorkerLife;

export interface WorkerLife {
  /** Loads the models, so that the first sample need not wait for them. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** The detectors that workers ask; no thread is started yet. */
export async function createDetectorSet(config: Config): Promise<DetectorSet> {
  forbidTelemetry();
  return createDetectors({ threads: config.inferenceThreads });
}

/** The composition root. `overrides` is the seam for tests; `detectorSet` are detectors made beforehand, which now belong to what is answered. */
export async function createWorkerDeps(
  config: Config,
  stores: Stores,
  overrides: Partial<ActivityDeps> = {},
  detectorSet?: DetectorSet,
): Promise<WorkerDeps> {
  const set = detectorSet ?? (await createDetectorSet(config));
  const programs = { ffmpegPath: config.ffmpegPath, ffprobePath: config.ffprobePath };
  const childrenDir = childrenDirOf(config.dataDir);
  const workDir = join(config.dataDir, 'tmp');
  await Promise.all([mkdir(childrenDir, { recursive: true }), removeLeftovers(workDir)]);
  return {
    ...stores,
    sources: fileSources(null),
    sender: null,
    detectors: set.detectors,
    media: { ...programs, childrenDir, workDir },
    ...overrides,
    warm: () => set.warm(),
    close: () => set.close(),
  };
}
