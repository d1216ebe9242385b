import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { readDirectly } from '../../src/media/direct-read.js';
import { FrameMemory } from '../../src/media/frame-memory.js';
import { FrameRing, type FilledSlot } from '../../src/media/frame-ring.js';
import { clipDirectory } from '../support/make-video.js';

const clips = clipDirectory();
afterAll(() => {
  clips.remove();
});

const BYTES = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * index * 31 + index) % 251));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function cat(): ChildProcess & { stdout: Readable } {
  const child = spawn('cat', [clips.write('bytes', BYTES)], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  return child;
}

/** Both ways into a ring: from a child process, read in place, and from any other stream. */
const SOURCES: Readonly<Record<string, () => Readable>> = {
  'a child process': () => cat().stdout,
  'a stream': () => Readable.from(pieces(BYTES, 70_000)),
};

function pieces(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );
}

describe.each(Object.keys(SOURCES))('a ring filled by %s', (source) => {
  it.each([1000, 100_003, 2_000_001])('holds what came, cut into frames of %s bytes', async (frameBytes) => {
    const ring = new FrameRing(frameBytes);
    SOURCES[source]?.().pipe(ring);
    const frames: Buffer[] = [];
    for (let slot = await ring.next(); slot !== null; slot = await ring.next()) {
      expect(slot.index).toBe(frames.length);
      frames.push(Buffer.from(slot.data));
      slot.release();
    }
    expect(frames).toHaveLength(Math.floor(BYTES.length / frameBytes));
    const expected = BYTES.subarray(0, frames.length * frameBytes);
    expect(Buffer.concat(frames).equals(expected)).toBe(true);
  });

  it('takes no more than it has memory for, and goes on in memory that is released', async () => {
    const ring = new FrameRing(100_000);
    SOURCES[source]?.().pipe(ring);
    const held: FilledSlot[] = [];
    for (let slot = await ring.next(); slot !== null; slot = await ring.next()) {
      held.push(slot);
      if (held.length < 8) continue;
      // Alive for as long as nothing is released.
      expect([ring.isAlive(), ring.isAlive(), ring.isAlive()]).toEqual([true, true, true]);
      held.splice(0).forEach((slot) => {
        const { index, data } = slot;
        expect(BYTES.compare(data, 0, data.length, index * data.length, (index + 1) * data.length)).toBe(0);
        slot.release();
      });
    }
    expect(held).toHaveLength((BYTES.length / 100_000) % 8);
  });

  it('lets the writer finish once nothing is wanted any more', async () => {
    const ring = new FrameRing(100_000);
    const stream = SOURCES[source]?.();
    stream?.pipe(ring);
    await ring.next();
    ring.discard();
    expect(await ring.next()).toBeNull();
    if (stream?.closed === false) await once(stream, 'close');
  });
});

describe('memory of frames', () => {
  /** All frames of a ring; each is released but those that are to be held. */
  async function through(ring: FrameRing, source: () => Readable, isHeld: (slot: FilledSlot) => boolean) {
    const [stream, seen, held] = [source(), new Set<Uint8Array>(), [] as FilledSlot[]];
    stream.pipe(ring);
    for (let slot = await ring.next(); slot !== null; slot = await ring.next()) {
      seen.add(slot.data);
      if (isHeld(slot)) held.push(slot);
      else slot.release();
    }
    return { seen, held };
  }

  it.each(Object.keys(SOURCES))('is used again by the next ring, once nobody reads it: %s', async (source) => {
    const memory = new FrameMemory();
    const next = (isHeld: (slot: FilledSlot) => boolean) =>
      through(new FrameRing(100_000, memory), SOURCES[source]!, isHeld);
    const none = () => false;
    const first = await next(({ index }) => index === 20);
    const [read] = first.held;
    const second = await next(none);
    expect(second.seen).not.toContain(read!.data);
    read!.release();
    const third = await next(none);
    expect([...third.seen, ...(await next(none)).seen]).toContain(read!.data);
    // One ring's, and what took the place of the one that was held.
    expect(new Set([...first.seen, ...second.seen, ...third.seen]).size).toBeLessThan(10);
  });

  it('stays with frames that are not taken yet, though all of them have come', async () => {
    const memory = new FrameMemory();
    const [slow, quick] = [new FrameRing(100_000, memory), new FrameRing(100_000, memory)];
    Readable.from([BYTES.subarray(0, 300_000)]).pipe(slow);
    await once(slow, 'finish');
    await through(
      quick,
      () => Readable.from([BYTES.subarray(300_000, 900_000)]),
      () => false,
    );
    for (let at = 0; at < 300_000; at += 100_000)
      expect(BYTES.subarray(at, at + 100_000).equals((await slow.next())!.data)).toBe(true);
  });

  it('of a ring that is left goes to the next one too', async () => {
    const memory = new FrameMemory();
    const ring = new FrameRing(100_000, memory);
    const { stdout } = cat();
    const finished = once(ring, 'finish');
    stdout.pipe(ring);
    const first = await ring.next();
    ring.discard();
    first?.release();
    await finished;
    const kept = Array.from({ length: 2 }, () => memory.take(100_000));
    expect(kept).toContain(first?.data);
  });

  it('is kept for two decoders, and no more', () => {
    const memory = new FrameMemory();
    const third = 2 ** 26;
    const given = [1, 2, 3].map(() => new Uint8Array(new SharedArrayBuffer(third)));
    for (const each of given) memory.giveBack(each);
    const taken = given.map(() => memory.take(third));
    expect(taken.filter((each) => given.some((one) => one === each))).toHaveLength(2);
  });
});

describe('a stream read directly', () => {
  it('fills the memory that is given, shared with other threads or not, and stands still until it is resumed', async () => {
    const child = cat();
    const memory = new Uint8Array(new SharedArrayBuffer(BYTES.length));
    let [at, stops] = [0, 0];
    const ended = new Promise<void>((resolve) => {
      const onread = {
        buffer: () => memory.subarray(at, at + 40_000),
        callback: (bytes: number) => {
          at += bytes;
          if (at % 3 !== 0) return true;
          stops++;
          setImmediate(() => reading?.resume());
          return false;
        },
      };
      const reading = readDirectly(child.stdout, onread, resolve);
      expect(reading).not.toBeNull();
    });
    const [[code]] = (await Promise.all([once(child, 'close'), ended])) as [[number], unknown];
    expect([code, at, Buffer.from(memory).equals(BYTES)]).toEqual([0, BYTES.length, true]);
    expect(stops).toBeGreaterThan(0);
  });

  it('is left alone where it is not the system’s', () => {
    const onread = { buffer: new Uint8Array(10), callback: () => true };
    expect(readDirectly(new PassThrough(), onread, () => undefined)).toBeNull();
  });
});
