import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeOwnModel } from './own-models.js';

/** A model of the operator's own for the scene `terrorism`, behind an endpoint that takes its time: tasks that ask it run long, and no core is busy. */
export interface SlowModel {
  /** Milliseconds that each request takes, those under way included; at most 120,000. */
  takes(ms: number): void;
  /** Has it answer about so many more pictures and hold all others, for 120 s at most, until `takes` is called again. */
  answers(pictures: number): void;
  close(): Promise<void>;
}

interface Asked {
  frames: { jpeg: string }[];
}

/** Starts one and writes its manifest into a directory for models. What it says of a picture, at most 0.45, depends on the picture alone. */
export async function slowModel(directory: string, ms: number): Promise<SlowModel> {
  let [takes, left] = [ms, Infinity];
  const held = new Map<() => void, { since: number; pictures: number }>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { frames } = JSON.parse(Buffer.concat(parts).toString()) as Asked;
      const answer = JSON.stringify({ frames: frames.map(({ jpeg }) => ({ classes: [seen(jpeg)] })) });
      held.set(() => response.end(answer), { since: performance.now(), pictures: frames.length });
    });
  });
  const answering = setInterval(() => {
    for (const [answer, { since, pictures }] of held) {
      if (left <= 0 || performance.now() - since < takes) continue;
      left -= pictures;
      held.delete(answer);
      answer();
    }
  }, 5);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  writeOwnModel(directory, 'slow', {
    http: {
      url: `http://127.0.0.1:${port}`,
      allow: ['127.0.0.1'],
      maxPx: 64,
      gatherMs: 0,
      atOnce: 8,
      timeoutMs: 120_000,
    },
  });
  return {
    takes(given) {
      [takes, left] = [given, Infinity];
    },
    answers(pictures) {
      left = pictures;
    },
    async close() {
      clearInterval(answering);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function seen(jpeg: string): { name: string; score: number } {
  const [byte] = createHash('sha256').update(jpeg).digest();
  return { name: 'red', score: Math.round(45 * (byte! / 255)) / 100 };
}
