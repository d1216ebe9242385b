import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../domain/error-code.js';
import { isAbandoned } from '../../process/leftovers.js';
import { FREE, formatPartName, newOwner, parsePartName, type PartName } from './part-names.js';

/** A content that is not all there yet, ours to fill. */
export interface Part extends PartName {
  path: string;
}

interface Listed extends PartName {
  path: string;
  /** Whether somebody may be filling it, whether it can be gone on with, or whether it is good for nothing. */
  state: 'live' | 'resumable' | 'waste';
  modifiedMs: number;
}

/**
 * Age in milliseconds of the last byte from which on nobody fills a part: on other machines, where a pid says nothing. Ours give up, or write, far sooner.
 */
const STALE_MS = 600_000;

/** Directory of the contents that are being fetched, by any number of processes; each part is filled by at most one. */
export class Parts {
  constructor(readonly directory: string) {}

  /** The part of a content, new or gone on with; `null` while another one is filling it. */
  async claim(key: string, sizeBytes: number): Promise<Part | null> {
    const same = (await this.list()).filter((listed) => listed.key === key);
    if (same.some(({ state }) => state === 'live')) return null;
    const found = same.find(({ state }) => state === 'resumable');
    if (found !== undefined) return this.takeOver(found);
    const part = await this.create(key, sizeBytes);
    // Another process may have looked before ours was there. Whoever sees two steps back, so that two never stay.
    const others = (await this.list()).filter((other) => other.key === key && other.path !== part.path);
    if (others.length === 0) return part;
    await this.discard(part);
    return null;
  }

  /** A part that no other process can go on with. */
  async create(key: string, sizeBytes: number): Promise<Part> {
    const part = this.named({ owner: newOwner(), key, sizeBytes, spentMs: 0, beganMs: Date.now() });
    await (await open(part.path, 'wx')).close();
    return part;
  }

  /** Changes how many bytes a part takes. */
  async resize(part: Part, sizeBytes: number): Promise<Part> {
    const resized = this.named({ ...part, sizeBytes });
    await rename(part.path, resized.path);
    return resized;
  }

  /** Leaves a part to whoever wants to go on with it. Its bytes must be on disk. */
  async letGo(part: Part): Promise<void> {
    const spentMs = part.spentMs + Date.now() - part.beganMs;
    await rename(part.path, this.named({ ...part, owner: FREE, spentMs }).path).catch(ignoreMissing);
  }

  async discard({ path }: Pick<Part, 'path'>): Promise<void> {
    await rm(path, { force: true });
  }

  /** Every part there is; waste is removed on the way. */
  async list(): Promise<Listed[]> {
    const listed: Listed[] = [];
    for (const name of await readdir(this.directory)) {
      const parsed = parsePartName(name);
      const path = join(this.directory, name);
      const status = await stat(path).catch(ignoreMissing);
      if (status === undefined) continue;
      const modifiedMs = status.mtimeMs;
      const state = parsed === null ? 'waste' : stateOf(name, parsed, modifiedMs);
      if (state === 'waste') await this.discard({ path });
      else if (parsed !== null) listed.push({ ...parsed, path, state, modifiedMs });
    }
    return listed;
  }

  private async takeOver({ path, modifiedMs, ...name }: Listed): Promise<Part | null> {
    // What its owner spent before it was killed shows in the time of the last byte.
    const spentMs = name.owner === FREE ? name.spentMs : name.spentMs + Math.max(0, modifiedMs - name.beganMs);
    const part = this.named({ ...name, owner: newOwner(), spentMs, beganMs: Date.now() });
    try {
      await rename(path, part.path);
      return part;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  private named(name: PartName): Part {
    const { owner, key, sizeBytes, spentMs, beganMs } = name;
    return { owner, key, sizeBytes, spentMs, beganMs, path: join(this.directory, formatPartName(name)) };
  }
}

function stateOf(fileName: string, { owner, key, beganMs }: PartName, modifiedMs: number): Listed['state'] {
  if (owner === FREE) return 'resumable';
  // The process was killed, not the machine: what it had written is what can be read. A digest cannot be gone on with.
  if (isAbandoned(fileName)) return key === 'once' ? 'waste' : 'resumable';
  // Who goes on with an old one has not written yet.
  return Date.now() - Math.max(modifiedMs, beganMs) > STALE_MS ? 'waste' : 'live';
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
