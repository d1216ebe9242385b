import type { Frame } from '../schema/frame.js';
import type { DecodeRequest, DecodeSummary } from './decode-pass.js';
import type { SentError } from './sent-error.js';
import type { SparseFrames } from './sparse-input.js';

/** What the thread is asked; `pass` tells those apart that are under way at once. */
export type ThreadRequest =
  | { kind: 'decode'; pass: number; request: DecodeRequest; sparse: SparseFrames | null }
  | { kind: 'release'; pass: number; frame: number }
  | { kind: 'stop'; pass: number }
  | { kind: 'end' };

/** A frame without what only its own thread can do. Its memory is shared, never copied. */
export type SentFrame = Omit<Frame, 'release'>;

/** What the thread answers: frames, counted from 0, and in the end how the pass ended. */
export type ThreadReply =
  | { kind: 'frame'; pass: number; frame: number; sent: SentFrame }
  | { kind: 'ended'; pass: number; summary: DecodeSummary }
  | { kind: 'failed'; pass: number; error: SentError };
