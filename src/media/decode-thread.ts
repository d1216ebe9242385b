import { parentPort } from 'node:worker_threads';
import type { ThreadReply, ThreadRequest } from './decode-messages.js';
import { decodePass } from './decode-pass.js';
import { DecodingStoppedError } from './errors.js';
import { sendError } from './sent-error.js';

/*
 * Entry of the thread that starts decoders and reads what they write. That comes in a dozen and more pieces a frame: for each of them the
 * event loop is woken, and where all cores are busy it waits for one every time.
 */

/** A pass under way, or of which frames are still read: those, by their number, and what ends it. */
interface Pass {
  held: Map<number, () => void>;
  stop: AbortController;
}

const passes = new Map<number, Pass>();

const port = parentPort;
if (port === null) throw new Error('Expected to be started as a thread by DecodeThread; it is not a program.');
port.on('message', (asked: ThreadRequest) => {
  switch (asked.kind) {
    case 'decode':
      void decode(asked);
      break;
    case 'release':
      passes.get(asked.pass)?.held.get(asked.frame)?.();
      break;
    case 'stop':
      passes.get(asked.pass)?.stop.abort(new DecodingStoppedError());
      break;
    case 'end':
      for (const { stop } of passes.values()) stop.abort(new DecodingStoppedError());
      // The thread lasts until its decoders have ended.
      port.close();
  }
});

async function decode({ pass, request, sparse }: ThreadRequest & { kind: 'decode' }): Promise<void> {
  const [held, stop] = [new Map<number, () => void>(), new AbortController()];
  passes.set(pass, { held, stop });
  try {
    const { frames, digests } = decodePass(request, sparse, stop.signal);
    let count = 0;
    let isOver = false;
    const forget = (): void => {
      if (isOver && held.size === 0) passes.delete(pass);
    };
    for await (const given of frames) {
      const { sample, widthPx, heightPx, format, colour, data } = given;
      const frame = count++;
      held.set(frame, () => {
        held.delete(frame);
        given.release();
        forget();
      });
      tell({ kind: 'frame', pass, frame, sent: { sample, widthPx, heightPx, format, colour, data } });
    }
    tell({ kind: 'ended', pass, summary: await digests });
    isOver = true;
    forget();
  } catch (error) {
    passes.delete(pass);
    tell({ kind: 'failed', pass, error: sendError(error) });
  }
}

function tell(reply: ThreadReply): void {
  port?.postMessage(reply);
}
