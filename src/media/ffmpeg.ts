import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { recordChild } from '../process/children.js';
import { endOf, EXEC_WRAPPER, stopProcess, supervisedArgs, type ProcessLimits } from '../process/supervise.js';
import { FfmpegError, FfmpegStalledError } from './ffmpeg-errors.js';
import { errorIn, isProgress } from './ffmpeg-log.js';
import type { MediaTools } from './tools.js';

/** One command line: `ffmpeg INPUT-OPTIONS -i PATH OUTPUT-OPTIONS TARGET`. */
export interface FfmpegRun {
  inputOptions: readonly string[];
  /** Local file to read. */
  path: string;
  /** Local file whose bytes are read as if they stood before those of `path`: its name and that of `path` hold no `|`. */
  front?: string;
  /** Whole further outputs may stand among them. */
  outputOptions: readonly string[];
  /** File to write, or a stream that takes what ffmpeg writes to its stdout. */
  target: string | Writable;
}

export interface FfmpegOptions {
  tools: MediaTools;
  /** Ends ffmpeg; the run then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Seconds without output, message or progress after which ffmpeg is given up; default 60. */
  stallS?: number;
  /** Whether its reader holds ffmpeg up at this moment, or has got something since this was last asked: neither is a stall. */
  isReaderAlive?: () => boolean;
  limits?: ProcessLimits;
  /** What it tells; default `error`. */
  logLevel?: 'error' | 'info';
  /** Called first with each line on stderr that is no progress report; what it answers `true` to is data and no message. */
  isData?: (line: string) => boolean;
  /** Called with each line on stderr that is no progress report and no data. */
  onLine?: (line: string) => void;
}

/** A picture of 8192 × 8192 in 4:4:4 at 10 bit is 400 MB, and a decoder holds up to 17 of them; no video seen in practice needs half of it. */
export const DECODER_LIMITS: ProcessLimits = { memoryBytes: 8 * 2 ** 30 };

/** Demuxers of files that hold their media themselves: playlists and the like could make ffmpeg read any file that it may. */
export const FORMATS =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,ogg,asf,asf_o,gif,apng,rm,mxf,nut,ivf,dv,wtv,' +
  'h261,h263,h264,hevc,m4v,vc1,av1,obu,mjpeg,yuv4mpegpipe,swf,nsv,nuv,r3d,mp3,wav,aac,flac,ac3,amr,w64,caf,aiff,png_pipe,webp_pipe,bmp_pipe';

/** Options before `-i` that keep ffmpeg and ffprobe to one local file. */
export const CONFINED = confinedTo('file,pipe');

function confinedTo(protocols: string): string[] {
  return ['-protocol_whitelist', protocols, '-format_whitelist', FORMATS];
}

/** How a path is named to ffmpeg, so that none is taken for an option or a protocol. */
export function inputName(path: string): string {
  return `file:${path}`;
}

const STALL_S = 60;
const PROGRESS_S = 2;
const GRACE_MS = 500;
const KEPT_LINES = 20;

/** What a run said that ended well. ffmpeg exits with 0 also when it could not decode a thing. */
export interface FfmpegReport {
  /** Lines of level error or worse. */
  errorCount: number;
  /** The first of them, at most 20. */
  errors: readonly string[];
}

/**
 * Runs ffmpeg to its end.
 * @throws {FfmpegError} when it ends otherwise than with exit code 0.
 * @throws {FfmpegStalledError}
 */
export async function runFfmpeg(run: FfmpegRun, options: FfmpegOptions): Promise<FfmpegReport> {
  const { tools, signal } = options;
  signal.throwIfAborted();
  const command = prepare(run, options);
  const log = new RunLog(options);
  command.on('stderr', (line: string) => {
    log.add(line);
  });
  const child = await start(command, tools.ffmpegPath);
  const ended = endOf(child);
  if (tools.childrenDir !== undefined && child.pid !== undefined) {
    recordChild(tools.childrenDir, child.pid, tools.ffmpegPath, ended);
  }
  const stop = (): void => void stopProcess(child, ended, GRACE_MS);
  signal.addEventListener('abort', stop);
  const watch = setInterval(() => {
    if (log.checkStall(options.isReaderAlive?.() ?? false)) stop();
  }, 250);
  child.stdout?.on('data', () => {
    log.sign();
  });
  if (signal.aborted) stop();
  try {
    const { exitCode } = await ended;
    if (typeof run.target !== 'string') await finished(run.target).catch(() => undefined);
    signal.throwIfAborted();
    if (log.stalled) throw new FfmpegStalledError(options.stallS ?? STALL_S, log.tail);
    if (exitCode !== 0) throw new FfmpegError(exitCode, child.signalCode, log.tail, child.spawnargs.slice(1));
    return { errorCount: log.errorCount, errors: log.errors };
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', stop);
  }
}

function prepare(run: FfmpegRun, { tools, limits, logLevel = 'error' }: FfmpegOptions): FfmpegCommand {
  const { path, front } = run;
  const command = ffmpeg(front === undefined ? inputName(path) : `concat:${inputName(front)}|${inputName(path)}`)
    .setFfmpegPath(EXEC_WRAPPER)
    // Several arguments: fluent-ffmpeg splits the texts of a single array at spaces.
    .inputOptions(
      ...([
        ...supervisedArgs(tools.ffmpegPath, limits ?? DECODER_LIMITS),
        ...['-nostdin', '-hide_banner', '-loglevel', `repeat+level+${logLevel}`],
        ...['-progress', 'pipe:2', '-stats_period', String(PROGRESS_S), '-nostats'],
        // However much of a file is damaged, what can be decoded is wanted.
        ...['-max_error_rate', '1'],
        ...(front === undefined ? CONFINED : confinedTo('file,pipe,concat')),
        ...run.inputOptions,
      ] as [string, string]),
    )
    .outputOptions(...([...run.outputOptions, '-y'] as [string, string]));
  // fluent-ffmpeg would start ffmpeg twice more to list what it supports; ffmpeg itself says what it lacks.
  const anything = new Proxy({}, { has: () => true, get: () => ({ canMux: true, canDemux: true }) });
  Object.assign(command, {
    availableFormats: (callback: (error: null, formats: object) => void) => {
      callback(null, anything);
    },
    availableEncoders: (callback: (error: null, encoders: object) => void) => {
      callback(null, {});
    },
  });
  return command.output(run.target);
}

/** fluent-ffmpeg keeps the process on the command, in a field that its types do not name. */
function start(command: FfmpegCommand, program: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    command.on('start', () => {
      resolve((command as FfmpegCommand & { ffmpegProc: ChildProcess }).ffmpegProc);
    });
    // After the start it says nothing that the process itself does not tell better.
    command.on('error', (error: Error) => {
      reject(new FfmpegError(null, null, [error.message], [program]));
    });
    command.run();
  });
}

/** What a run says, and when it last said something. */
class RunLog {
  errorCount = 0;
  readonly errors: string[] = [];
  readonly tail: string[] = [];
  stalled = false;
  private lastSignMs = performance.now();

  constructor(private readonly options: FfmpegOptions) {}

  add(line: string): void {
    this.sign();
    if (isProgress(line) || line === '' || this.options.isData?.(line) === true) return;
    const error = errorIn(line);
    if (error !== null) {
      this.errorCount++;
      if (this.errors.length < KEPT_LINES) this.errors.push(error);
    }
    this.tail.push(line);
    if (this.tail.length > KEPT_LINES) this.tail.shift();
    this.options.onLine?.(line);
  }

  sign(): void {
    this.lastSignMs = performance.now();
  }

  /** Whether the run has just been silent for too long. */
  checkStall(alive: boolean): boolean {
    if (alive) this.sign();
    if (this.stalled || performance.now() - this.lastSignMs < (this.options.stallS ?? STALL_S) * 1000) return false;
    this.stalled = true;
    return true;
  }
}
