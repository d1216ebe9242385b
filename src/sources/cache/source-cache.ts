import { createHash, randomInt } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../domain/error-code.js';
import type { SourceLimits } from '../../schema/source-config.js';
import type { SourceIdentity } from '../../schema/source.js';
import { SourceCacheFullError, SourceDiskFullError, isPermanent } from '../errors.js';
import type { LocalSource } from '../source.js';
import { Contents } from './contents.js';
import { Parts, type Part } from './parts.js';
import { SharedWork } from './shared-work.js';

/** A file being filled: bytes are written at their place in it, and what it has is the beginning of the content. */
export interface Filling {
  handle: FileHandle;
  /** Milliseconds that went into it before. */
  spentMs: number;
  /** Asks for room when the content turns out to be larger than was said. @throws {SourceCacheFullError} */
  grow: (sizeBytes: number) => Promise<void>;
}

/** Fetches what is missing of a content. Another attempt goes on with what this one leaves. */
export type Fill = (filling: Filling, signal: AbortSignal) => Promise<void>;

/**
 * Sources fetched to local files, in a directory that any number of processes of this machine share. A content is fetched by one of them at a time and
 * never handed out before it is whole; a fetch that was killed is gone on with. What is used least recently makes room.
 */
export class SourceCache {
  private readonly parts: Parts;
  private readonly contents: Contents;
  private readonly fetches = new SharedWork();
  /** Room is made by one at a time, so that two do not take each other's for full. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly uses: string;
  private clearedUp: Promise<unknown> | undefined;

  constructor(
    readonly directory: string,
    private readonly limits: () => SourceLimits,
  ) {
    this.uses = join(directory, 'uses');
    this.parts = new Parts(join(directory, 'parts'));
    this.contents = new Contents(join(directory, 'contents'), this.uses);
  }

  /** A local file with the content, fetched first when it is not there. */
  async hold(source: SourceIdentity, fill: Fill, signal: AbortSignal): Promise<LocalSource> {
    const key = keyOf(source);
    for (;;) {
      await this.prepare();
      const path = await this.contents.use(key, source.sizeBytes);
      if (path !== null) return heldAt(path);
      const fetch = (shared: AbortSignal) => this.fetch(key, source.sizeBytes, fill, shared);
      await this.fetches.join(key, fetch, signal);
    }
  }

  /** Fetches a content that only its bytes can name, and keeps it under the name that `fill` finds. */
  async take(
    sizeBytes: number,
    fill: (filling: Filling, signal: AbortSignal) => Promise<SourceIdentity>,
    signal: AbortSignal,
  ): Promise<SourceIdentity> {
    await this.prepare();
    const part = await this.inTurn(async () => this.orLeave(await this.parts.create('once', sizeBytes)));
    let found: SourceIdentity | undefined;
    const keep = async (filling: Filling, stop: AbortSignal): Promise<string> => {
      found = await fill(filling, stop);
      return keyOf(found);
    };
    await this.complete(part, keep, signal);
    if (found === undefined) throw new Error('Expected a fetch that ended to have found an identity.');
    return found;
  }

  /** Makes the directories, which somebody may have emptied, and clears up once after processes that are gone. */
  private async prepare(): Promise<void> {
    for (const name of ['parts', 'contents', 'uses']) await mkdir(join(this.directory, name), { recursive: true });
    this.clearedUp ??= Promise.all([this.contents.endAbandonedUses(), this.parts.list()]);
    await this.clearedUp;
  }

  private async fetch(key: string, sizeBytes: number, fill: Fill, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (await this.contents.has(key)) return;
      const part = await this.inTurn(async () => {
        const claimed = await this.parts.claim(key, sizeBytes);
        if (claimed === null) return null;
        // Between the look and the claim another process may have come to its end.
        if (!(await this.contents.has(key))) return this.orLeave(claimed);
        await this.parts.discard(claimed);
        return null;
      });
      if (part !== null) {
        await this.complete(
          part,
          async (filling, stop) => {
            await fill(filling, stop);
            return key;
          },
          signal,
        );
        return;
      }
      // Another process is at it or has just ended, or two stepped back for each other.
      await sleep(randomInt(100, 300), undefined, { signal });
    }
  }

  private async complete(
    given: Part,
    fill: (filling: Filling, signal: AbortSignal) => Promise<string>,
    signal: AbortSignal,
  ): Promise<void> {
    let part = given;
    const handle = await open(part.path, 'r+');
    const grow = (sizeBytes: number) =>
      this.inTurn(async () => {
        part = await this.parts.resize(part, sizeBytes);
        await this.makeRoom(part);
      });
    try {
      const key = await fill({ handle, spentMs: part.spentMs, grow }, signal);
      await handle.sync();
      await this.contents.add(key, part.path);
    } catch (error) {
      await this.giveUp(part, handle, error);
    } finally {
      await handle.close();
    }
  }

  private async giveUp(part: Part, handle: FileHandle, error: unknown): Promise<never> {
    if (['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')) {
      await this.parts.discard(part);
      // The stores live on this disk too: they need the room more than we do.
      while (await this.contents.removeOldest());
      throw new SourceDiskFullError(this.directory, { cause: error });
    }
    if (isPermanent(error)) await this.parts.discard(part);
    else await this.leave(part, handle);
    throw error;
  }

  /** The part, with room for all of it. */
  private async orLeave(part: Part): Promise<Part> {
    try {
      await this.makeRoom(part);
      return part;
    } catch (error) {
      const handle = await open(part.path, 'r+');
      await this.leave(part, handle).finally(() => handle.close());
      throw error;
    }
  }

  /** Leaves what there is to the next attempt. */
  private async leave(part: Part, handle: FileHandle): Promise<void> {
    if (part.key === 'once') return this.parts.discard(part);
    await handle.sync();
    await this.parts.letGo(part);
  }

  private async makeRoom(part: Part): Promise<void> {
    const { cacheBytes } = this.limits();
    await this.contents.endAbandonedUses();
    for (;;) {
      const parts = await this.parts.list();
      const taken = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, await this.contents.sizeBytes());
      if (taken <= cacheBytes) return;
      const idle = parts.find(({ path, state }) => state === 'resumable' && path !== part.path);
      if (idle !== undefined) await this.parts.discard(idle);
      else if (!(await this.contents.removeOldest())) throw new SourceCacheFullError(part.sizeBytes, cacheBytes);
    }
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Name of a content in the cache: what is the same by address, credentials and identity. */
function keyOf({ uri, role, sizeBytes, version }: SourceIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([uri, role ?? null, sizeBytes, version]))
    .digest('hex');
}

function heldAt(path: string): LocalSource {
  return {
    path,
    // Nobody writes to a whole content, and the link is ours.
    assertUnchanged: () => Promise.resolve(),
    // What cannot be removed now is removed when the process is gone.
    release: () => rm(path, { force: true }).catch(() => undefined),
  };
}
