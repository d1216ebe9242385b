import { createHash } from 'node:crypto';
import type { Segment } from '../schema/plan.js';
import { errorIn } from './ffmpeg-log.js';

/** Messages at error level that are about metadata, not about pictures. */
const HARMLESS = /Referenced QT chapter track not found/;

/** What the decoder of one segment says on stderr besides progress: digests of pictures, times of key frames, errors. */
export class DecodeLog {
  private readonly hashes: string[][] = [];
  private readonly pts: number[] = [];
  private closed = false;
  private wake: (() => void) | null = null;

  /** Takes one line; answers the message when it tells of a decoding error. */
  add(line: string): string | null {
    const hash = /^(\d+),(?: *-?\d+,){4} *([0-9a-f]{32})$/.exec(line);
    if (hash !== null) {
      (this.hashes[Number(hash[1])] ??= []).push(hash[2] ?? '');
      return null;
    }
    const shown = /^\[Parsed_showinfo.* n: *\d+ pts: *(-?\d+)/.exec(line);
    if (shown !== null) {
      this.pts.push(Number(shown[1]));
      this.wake?.();
      return null;
    }
    const error = errorIn(line);
    return error === null || HARMLESS.test(error) ? null : error;
  }

  /** Timestamp in ticks of the n-th picture shown; `null` when there is none. One call at a time. */
  async shownPts(index: number): Promise<number | null> {
    while (this.pts[index] === undefined && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.pts[index] ?? null;
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** Digests at both ends of a segment. No pictures at the start differ from whatever the segment before has seen there. */
  digests(segment: Segment): { startDigest: string | null; nextDigest: string | null } {
    const [first, second] = this.hashes;
    const [start, next] = segment.startPts === null ? [undefined, first] : [first, second];
    return {
      startDigest: segment.startPts === null ? null : (digestOf(start) ?? 'no picture'),
      nextDigest: segment.nextStartPts === null ? null : digestOf(next),
    };
  }
}

function digestOf(hashes: readonly string[] | undefined): string | null {
  if (hashes === undefined || hashes.length === 0) return null;
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}
