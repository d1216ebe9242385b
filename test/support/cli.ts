import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { openStores, type Stores } from '../../src/deps.js';
import type { Policy } from '../../src/schema/policy.js';
import type { ModerationResultBody } from '../../src/schema/result.js';
import { ROOT } from './build.js';
import { temporalServer } from './temporal-server.js';

/** How a command ended: its exit code, or the signal that ended it. */
export interface CommandEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A running `./framewarden`. */
export interface Command {
  pid: number;
  /** Settles when it has ended; never rejects. */
  ended: Promise<CommandEnd>;
  readonly hasEnded: boolean;
  /** What it has told so far, on stderr and stdout. */
  readonly told: string;
  /** Resolves once it has told this; rejects when it ends without. */
  tells(what: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** A data directory and videos of its own, and the real commands on them. */
export interface CommandPlace {
  /** Holds all that the commands are given; nothing else on the machine mentions it. */
  root: string;
  dataDir: string;
  /** Path of a file below the root. */
  path(...parts: string[]): string;
  start(args: string[], env?: Record<string, string>): Command;
  run(args: string[], env?: Record<string, string>): Promise<CommandEnd>;
  /** Reads what the installation keeps. */
  stores<T>(read: (stores: Stores) => Promise<T>): Promise<T>;
  /** Programs still running that were given something below the root: `pid arguments` each. */
  programs(): string[];
  /** Temporary files that are left, in the place of temporary files and in the data directory. */
  leftFiles(): string[];
  /** Kills what is left and removes everything. */
  remove(): Promise<void>;
}

/** A place for commands with an empty data directory; they find the Temporal server of the tests. */
export async function commandPlace(): Promise<CommandPlace> {
  const server = await temporalServer();
  const root = mkdtempSync(join(tmpdir(), 'framewarden-cli-'));
  const [dataDir, temporary] = [join(root, 'data'), join(root, 'tmp')];
  mkdirSync(temporary);
  const running = new Set<ChildProcess>();

  function start(args: string[], env: Record<string, string> = {}): Command {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(TEMPORAL_|FRAMEWARDEN_|FORCE_COLOR)/.test(name),
    );
    const child = spawn(join(ROOT, 'framewarden'), ['--data', dataDir, ...args], {
      cwd: root,
      env: {
        ...(Object.fromEntries(inherited) as Record<string, string>),
        PATH: [dirname(server.path), process.env['PATH']].join(delimiter),
        TMPDIR: temporary,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    return follow(child, () => running.delete(child));
  }

  const programs = (): string[] =>
    execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(root))
      .map((line) => line.trim());
  const listed = (directory: string): string[] =>
    existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];

  return {
    root,
    dataDir,
    path: (...parts) => join(root, ...parts),
    start,
    run: (args, env) => start(args, env).ended,
    async stores(read) {
      const stores = await openStores({ dataDir, databaseUrl: null, blobs: null });
      return read(stores).finally(() => stores.records.close());
    },
    programs,
    leftFiles: () => [
      ...[temporary, join(dataDir, 'tmp'), join(dataDir, 'children'), join(dataDir, 'blobs', 'tmp')].flatMap(listed),
      ...[join(dataDir, 'owner.json'), join(dataDir, 'owner.json.draft')].filter(existsSync),
    ],
    async remove() {
      for (const child of running) child.kill('SIGKILL');
      // The kernel ends what a killed command had started; until it has, the directory would be written to.
      for (let tries = 0; programs().length > 0 && tries < 100; tries++) await pause(100);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function follow(child: ChildProcess, onEnd: () => void): Command {
  let [stdout, stderr, hasEnded] = ['', '', false];
  const watchers = new Set<() => void>();
  const hear = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    hear();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    hear();
  });
  const ended = new Promise<CommandEnd>((resolve) => {
    child.on('close', (code, signal) => {
      hasEnded = true;
      onEnd();
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    get told() {
      return stderr + stdout;
    },
    tells: (what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!what.test(stderr + stdout)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then((end) => {
          reject(new Error(`Expected the command to tell ${String(what)}, it ended: ${JSON.stringify(end)}`));
        });
      }),
    kill: (signal) => void child.kill(signal),
  };
}

/**
 * Writes the default policy with these thresholds for both families and answers its path. From 1 on the parrot passes, and no evidence is made,
 * which takes longer than all else.
 */
export function policyFile(
  place: CommandPlace,
  name: string,
  threshold: number,
  window: { k: number; n: number },
): string {
  const policy = parse(readFileSync(join(ROOT, 'policies', 'default.yaml'), 'utf8')) as Policy;
  const rule = { review: threshold, block: threshold };
  policy.scenes.porn = {
    detectors: { nsfwjs: { ...rule, corroborateFrom: 0.3 }, 'open-nsfw': rule },
    window,
    atMost: 'block',
  };
  const path = place.path(name);
  writeFileSync(path, stringify(policy));
  return path;
}

/** The results that a command printed with `--json`, one a line. */
export function resultsOf({ stdout }: CommandEnd): ModerationResultBody[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ModerationResultBody);
}

/** Waits, at most so long, for something that is not told. The time is for machines that are busy with other things. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string, withinS = 120): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < withinS * 1000;) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error(`Expected ${what} within ${withinS} s`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
