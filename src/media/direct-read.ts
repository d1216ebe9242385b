import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import type { Readable } from 'node:stream';

/** The reading of one stream. */
export interface DirectRead {
  /** Goes on after `callback` has answered `false`. */
  resume(): void;
}

/**
 * Reads what a child process writes straight into the caller's memory, by `onread` as Node's `net` describes it: nothing is copied, and no garbage is left
 * behind (of 64 KiB each time otherwise). A child's own streams cannot be given that option, so another socket takes over the handle, which is no part of
 * Node's interface. `onEnd` is called once, after the last byte; the stream closes then.
 * @returns `null` for a stream without a handle, or of which something was read already; it is left as it is.
 */
export function readDirectly(stream: Readable, onread: OnReadOpts, onEnd: () => void): DirectRead | null {
  const taken = stream as Readable & { _handle?: object | null };
  const handle = taken._handle;
  if (!(stream instanceof Socket) || !handle || stream.readableLength > 0) return null;
  stream.unpipe();
  taken._handle = null;
  const socket = new Socket({ handle, writable: false, onread } as SocketConstructorOpts);
  // How the child ends tells more than why its stream did.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    stream.destroy();
    onEnd();
  });
  socket.resume();
  return socket;
}
