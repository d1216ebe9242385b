import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityDeps } from './activities/index.js';
import { environment, forbidTelemetry, type Config } from './config.js';
import type { BankReader } from './detectors/detector.js';
import type { DetectorSet } from './detectors/registry.js';
import { createBankStore, type BankStore } from './store/banks.js';
import { openBlobDirectory } from './store/blob-directory.js';
import type { AccessKeyList, AccessKeyStore, SecretBox } from './store/access-keys.js';
import type { BlobStore } from './store/blobs.js';
import type { BlobPlace } from './schema/blob-place.js';
import type { Scene } from './schema/scene.js';
import type { NonceStore } from './store/nonces.js';
import type { RecordStore } from './store/records.js';

/** What an installation keeps: enough for commands that only read. */
export interface Stores {
  records: RecordStore;
  blobs: BlobStore;
  /** What tasks are compared with. */
  banks: BankStore;
}

/** File of the records of a data directory. */
const recordsFile = (dataDir: string): string => join(dataDir, 'framewarden.db');

/** Opens the stores of an installation, whose data directory is made when it is not there. Close them by `records.close()`. */
export async function openStores({
  dataDir,
  databaseUrl,
  blobs: place,
}: Pick<Config, 'dataDir' | 'databaseUrl' | 'blobs'>): Promise<Stores> {
  await mkdir(dataDir, { recursive: true });
  const [records, blobs, contents] = await Promise.all([
    openRecords(dataDir, databaseUrl),
    openBlobs(place, dataDir, 'blobs'),
    openBlobs(place, dataDir, 'banks'),
  ]);
  return { records, blobs, banks: createBankStore(records.banks, contents) };
}

/** In the data directory, or below the prefix of a bucket. */
async function openBlobs(place: BlobPlace | null, dataDir: string, name: 'blobs' | 'banks'): Promise<BlobStore> {
  if (place === null) return openBlobDirectory(join(dataDir, name));
  const { openS3Blobs } = await import('./store/s3-blobs.js');
  return openS3Blobs({ ...place, prefix: `${place.prefix}${name}/` });
}

/** The libraries behind them take a tenth of a second to load: whoever has models or a server to start does that first. */
async function openRecords(dataDir: string, databaseUrl: string | null): Promise<RecordStore> {
  if (databaseUrl !== null) return (await import('./store/postgres/open-record-store.js')).openRecordStore(databaseUrl);
  const { openRecordStore } = await import('./store/sqlite/open-record-store.js');
  return openRecordStore(recordsFile(dataDir));
}

/** Opens the access keys of an installation, which lie beside its records. */
export async function openKeys(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  box: SecretBox,
): Promise<AccessKeyStore> {
  if (databaseUrl !== null)
    return (await import('./store/postgres/open-access-keys.js')).openAccessKeys(databaseUrl, box);
  return (await import('./store/sqlite/open-access-keys.js')).openAccessKeys(recordsFile(dataDir), box);
}

/** The same without what it takes to read their secrets. */
export async function openKeyList({
  dataDir,
  databaseUrl,
}: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<AccessKeyList> {
  if (databaseUrl !== null)
    return (await import('./store/postgres/open-access-keys.js')).openAccessKeyList(databaseUrl);
  return (await import('./store/sqlite/open-access-keys.js')).openAccessKeyList(recordsFile(dataDir));
}

/** Opens the nonces of an installation: where its records are in Postgres, those of every process that serves them. */
export async function openNonceStore({
  dataDir,
  databaseUrl,
}: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<NonceStore> {
  if (databaseUrl !== null) return (await import('./store/postgres/open-nonces.js')).openNonces(databaseUrl);
  return (await import('./store/sqlite/open-nonces.js')).openNonces(join(dataDir, 'nonces.db'));
}

// What workers need is loaded for them alone: commands that only read start in two thirds of the time without it.

/** What activities reach the world through, and how to let go of it; the stores stay open. */
export type WorkerDeps = ActivityDeps & WorkerLife;

export interface WorkerLife {
  /** Starts the threads and loads the model that the first sample for these scenes needs, so that it need not wait for them; for no scene nothing. */
  warm(scenes: readonly Scene[]): Promise<void>;
  close(): Promise<void>;
}

/** The detectors that workers ask; no thread is started yet. A bank is read when a task names it. */
export async function createDetectorSet(config: Config, banks: BankReader): Promise<DetectorSet> {
  forbidTelemetry();
  const [{ createDetectors }, { ownDetectors }] = await Promise.all([
    import('./detectors/registry.js'),
    import('./own-models.js'),
  ]);
  const own = await ownDetectors(config.ownModelsDir, environment());
  return createDetectors({ threads: config.inferenceThreads, banks, own });
}

/** The composition root. `overrides` is the seam for tests; `detectorSet` are detectors made beforehand, which now belong to what is answered. */
export async function createWorkerDeps(
  config: Config,
  stores: Stores,
  overrides: Partial<ActivityDeps> = {},
  detectorSet?: DetectorSet,
): Promise<WorkerDeps> {
  const [{ DecodeThread }, { childrenDirOf }, { removeLeftovers }, { fileSources }] = await Promise.all([
    import('./media/decode-thread-handle.js'),
    import('./owner/owner.js'),
    import('./process/leftovers.js'),
    import('./sources/file.js'),
  ]);
  const set = detectorSet ?? (await createDetectorSet(config, stores.banks));
  const programs = { ffmpegPath: config.ffmpegPath, ffprobePath: config.ffprobePath };
  const childrenDir = childrenDirOf(config.dataDir);
  const workDir = join(config.dataDir, 'tmp');
  await Promise.all([mkdir(childrenDir, { recursive: true }), removeLeftovers(workDir)]);
  const decodeThread = new DecodeThread();
  return {
    ...stores,
    sources: fileSources(null),
    sender: null,
    detectors: set.detectors,
    media: { ...programs, childrenDir, workDir, decodeThread },
    ...overrides,
    warm(scenes) {
      if (scenes.length > 0) decodeThread.warm();
      return set.warm(scenes);
    },
    close: async () => {
      await Promise.all([set.close(), decodeThread.close()]);
    },
  };
}
