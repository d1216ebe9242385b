import type { Observation } from '../../src/schema/observation.js';
import type { SamplingMode } from '../../src/schema/options.js';
import type { Verdict } from '../../src/schema/verdict.js';
import type { Cost } from './programs.js';

/** What a run of the product is asked for. */
export interface Asked {
  way: 'through Temporal' | 'without Temporal';
  path: string;
  sampling: SamplingMode;
  /** Directory of its own for everything that it keeps. */
  dataDir: string;
}

/** What came of it. Sent by the process that ran it, from the start of the task to its verdict; what comes before and after does not count. */
export interface Measured extends Cost {
  cpu: { ffmpegS: number; nodeS: number; temporalS: number };
  /** Share of the time, 0–1, in which the main thread's event loop was busy. */
  eventLoop: number;
  segments: number;
  samples: number;
  verdict: Verdict;
  observations: Observation[];
}

/** Messages from that process. */
export type Message = { kind: 'started' } | { kind: 'measured'; measured: Measured };
