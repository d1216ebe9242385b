import { spawn } from 'node:child_process';
import type { Frame } from '../../src/schema/frame.js';
import type { VideoInfo } from '../../src/schema/video.js';
import { nsfwjsReference, type NsfwjsReference } from '../reference/nsfwjs-reference.js';

/** What nsfwjs with its WASM backend does, in samples a second. */
export interface PeerSpeed {
  /** Its network alone. */
  network: number;
  /** `classify` on frames as ffmpeg decodes them, one after the other, as in its documentation. */
  endToEnd: number;
}

/** Enough for two digits; its speed does not change on the way. */
const NETWORK_RUNS = 30;
const WARM_UP = 3;

/** The first `samples` samples of a video. ffmpeg hands over raw frames and may use all cores: JPEG files on the way would cost the peer more. */
export async function peerSpeed(path: string, video: VideoInfo, samples: number): Promise<PeerSpeed> {
  const reference = await nsfwjsReference();
  try {
    const network = await networkSpeed(reference);
    const startedAt = performance.now();
    let done = 0;
    for await (const frame of framesOf(path, video, samples)) {
      await reference.classify(frame);
      done++;
    }
    return { network, endToEnd: (done * 1000) / (performance.now() - startedAt) };
  } finally {
    reference.dispose();
  }
}

async function networkSpeed(reference: NsfwjsReference): Promise<number> {
  const input = new Float32Array(224 * 224 * 3).fill(0.5);
  for (let run = 0; run < WARM_UP; run++) await reference.network(input);
  const startedAt = performance.now();
  for (let run = 0; run < NETWORK_RUNS; run++) await reference.network(input);
  return (NETWORK_RUNS * 1000) / (performance.now() - startedAt);
}

async function* framesOf(path: string, { widthPx, heightPx }: VideoInfo, count: number): AsyncGenerator<Frame> {
  const options = ['-an', '-vf', 'fps=1', '-frames:v', String(count), '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const { stdout } = spawn('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const data = new Uint8Array(widthPx * heightPx * 3);
  let at = 0;
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    for (let taken = 0; taken < chunk.length;) {
      const length = Math.min(chunk.length - taken, data.length - at);
      data.set(chunk.subarray(taken, taken + length), at);
      taken += length;
      at += length;
      if (at < data.length) continue;
      at = 0;
      const colour = { matrix: null, range: null };
      yield { sample: 0, widthPx, heightPx, format: 'rgb24', colour, data, release: () => undefined };
    }
  }
}
