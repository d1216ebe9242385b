import type { BankRef } from '../../schema/bank.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Frame } from '../../schema/frame.js';
import type { Observation } from '../../schema/observation.js';
import type { Scene } from '../../schema/scene.js';
import { allSettled } from '../all-settled.js';
import type { DetectorFamily } from '../detector.js';
import type { InferencePool } from '../inference-pool.js';
import { OpenTermBanks, TERM_SCENES, termBanksOf } from './term-banks.js';
import type { OpenTermBank } from './terms/open-term-bank.js';

/** What a frame is read with. */
export interface Reading {
  pool: InferencePool;
  /** Scenes asked for. */
  scenes: readonly Scene[];
  /** Terms to be looked for. */
  banks: readonly OpenTermBank[];
  signal: AbortSignal;
}

/** What one way of reading says of itself, and of a frame. */
interface ReadingWay {
  name: string;
  /** See `Detector.costMs`. */
  costMs: number;
  /** What verdicts record of it, for a scene that it can find something of; with the banks of terms that speak for it. */
  info: (scene: Scene, banks: readonly BankRef[]) => DetectorInfo;
  read: (frame: Frame, reading: Reading) => Promise<Observation[]>;
}

/** A family that reads what is written in a picture: what advertises speaks for the scene `ad`, and operators' terms for the scenes of their banks. */
export function readingFamily({ name, costMs, info, read }: ReadingWay): DetectorFamily {
  return {
    name,
    scenes: TERM_SCENES,
    infos: (scenes, { banks }) =>
      Promise.resolve(
        TERM_SCENES.filter((scene) => scenes.includes(scene)).flatMap((scene) => {
          const refs = termBanksOf(banks, [scene]);
          // Of another scene than this it speaks by terms only.
          return scene !== 'ad' && refs.length === 0 ? [] : [info(scene, refs)];
        }),
      ),
    create({ pool, banks: reader }) {
      const open = new OpenTermBanks(reader);
      return Promise.resolve({
        name,
        costMs,
        async detect(batch, { banks: known, scenes }, signal) {
          const refs = termBanksOf(known, scenes);
          // Without either there is nothing that could be found.
          if (refs.length === 0 && !scenes.includes('ad')) return [];
          const reading = { pool, scenes, banks: await open.open(refs), signal };
          return (await allSettled(batch.map((frame) => read(frame, reading)))).flat();
        },
      });
    },
  };
}
