import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HashBankBuilder } from '../../../src/banks/hash-bank-builder.js';
import { classify } from '../../../src/detectors/cascade.js';
import type { Detector, DetectorRun } from '../../../src/detectors/detector.js';
import { InferencePool } from '../../../src/detectors/inference-pool.js';
import { knownMedia } from '../../../src/detectors/known-media/known-media.js';
import { decide } from '../../../src/domain/decide.js';
import { digestFile } from '../../../src/media/digest-file.js';
import { decodeSegment } from '../../../src/media/decode.js';
import { readImageFrame, readImageInfo } from '../../../src/media/still.js';
import { TOOLS_ON_PATH } from '../../../src/media/tools.js';
import { loadPolicy } from '../../../src/policy.js';
import type { BankRef } from '../../../src/schema/bank.js';
import type { Frame } from '../../../src/schema/frame.js';
import type { Observation } from '../../../src/schema/observation.js';
import type { Verdict } from '../../../src/schema/verdict.js';
import { EXACT, planOf } from '../../support/decode-all.js';
import { referenceVideo, VIDEO_NAMES } from './reference.js';

const signal = AbortSignal.timeout(600_000);

/** What came of a video. */
export interface Moderated {
  observations: Observation[];
  /** Those of class `known`. */
  known: Observation[];
  verdict: Verdict;
}

/** The detector on a real thread, with banks in memory. */
export class KnownMediaRig {
  readonly #contents = new Map<string, Uint8Array>();
  readonly #pool = new InferencePool(1);
  readonly #detector: Promise<Detector> = knownMedia.create({
    pool: this.#pool,
    banks: { read: ({ digest }) => Promise.resolve(this.#contents.get(digest) ?? Uint8Array.of()) },
  });

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** A bank of what is added, for the scene terrorism unless told otherwise. */
  bank(name: string, add: (builder: HashBankBuilder) => void, changes: Partial<BankRef> = {}): BankRef {
    const builder = new HashBankBuilder();
    add(builder);
    const { bytes, counts } = builder.build();
    const digest = createHash('sha256').update(bytes).digest('hex');
    this.#contents.set(digest, bytes);
    const entries = counts.pictures + counts.videos + counts.files;
    return { name, kind: 'hashes', scene: 'terrorism', atMost: 'block', version: 1, digest, entries, ...changes };
  }

  /** A bank of all videos whose vPDQ is published. */
  published(): BankRef {
    return this.bank('chairs', (builder) => {
      for (const name of VIDEO_NAMES) builder.addVideo(name, referenceVideo(name));
    });
  }

  /** Everything that the product does with a video: sampled once a second, classified on a thread, concluded and decided by the default policy. */
  async moderate(path: string, ...banks: BankRef[]): Promise<Moderated> {
    const [moderated] = await this.moderateEach(path, [banks]);
    return moderated!;
  }

  /** The same with these banks, with those and so on: the video is decoded once. */
  async moderateEach(path: string, choices: readonly BankRef[][]): Promise<Moderated[]> {
    const { video, plan } = await planOf(path, EXACT);
    const { sha256, md5 } = await digestFile(path, signal);
    const base = { sourceDigest: sha256, ...(await loadPolicy()), scenes: ['terrorism', 'ad'] as const };
    const runs = choices.map((banks) => ({ run: { ...base, banks } satisfies DetectorRun, seen: [] as Observation[] }));
    const detector = await this.#detector;
    const segment = { index: 0, from: 0, to: plan.count, startPts: null, nextStartPts: null };
    const request = { path, video, plan, segment, from: 0, sampling: EXACT.sampling, tools: TOOLS_ON_PATH };
    for await (const frame of decodeSegment(request, { signal }).frames) {
      for (const { run, seen } of runs) seen.push(...(await classify([frame], [detector], run, signal)));
      frame.release();
    }
    const all: Moderated[] = [];
    for (const { run, seen } of runs) {
      const classified = { observations: seen, plan, video, sourceMd5: md5 };
      const observations = [...seen, ...((await detector.conclude?.(classified, run, signal)) ?? [])];
      const verdict = decide({
        ...run,
        observations,
        detectors: await knownMedia.infos(run.scenes, { banks: run.banks }),
        taskType: 'VideoModeration',
        plan,
        video,
        inspected: [{ from: 0, to: plan.count }],
      });
      all.push({ observations, known: observations.filter((one) => one.class === 'known'), verdict });
    }
    return all;
  }

  /** What is seen of a picture. */
  async look(path: string, ...banks: BankRef[]): Promise<Observation[]> {
    const run: DetectorRun = { sourceDigest: '', ...(await loadPolicy()), scenes: ['terrorism'], banks };
    return await classify([await pictureOf(path)], [await this.#detector], run, signal);
  }
}

/** The picture in a file. */
export async function pictureOf(path: string): Promise<Frame> {
  const info = await readImageInfo(path, readFileSync(path).length, { maxFrames: 1 });
  return await readImageFrame(path, info, { frame: 0, sample: 0 }, { tools: TOOLS_ON_PATH, signal });
}
