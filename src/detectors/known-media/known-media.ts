import { createHash } from 'node:crypto';
import type { BankRef } from '../../schema/bank.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { BankMatch, Observation } from '../../schema/observation.js';
import type { Scene } from '../../schema/scene.js';
import { allSettled } from '../all-settled.js';
import type { Analyser } from '../analysers.js';
import type { Detector, DetectorFamily } from '../detector.js';
import { concludeKnownMedia, HASH, HASH_WITHOUT_BARS } from './conclude.js';
import { hashBanksOf, OpenHashBanks } from './hash-banks.js';
import { matchFrame } from './match-frame.js';
import { LEAST_QUALITY, scoreOf } from './match-rule.js';
import { hashText } from './pdq-hash.js';
import { PDQ_VERSION, type Pdq } from './pdq.js';

/** To be raised with every change of what is looked up and when it counts: it is part of the digest. */
const VERSION = '2';
/** Scenes in which media that are known already are a finding. */
const KNOWN_SCENES: readonly Scene[] = ['porn', 'terrorism', 'ad', 'logo'];
const NAME = 'known-media';
const ANALYSER: Analyser<'pdq'> = { kind: 'pdq', id: 'pdq', settings: null };

/** Pictures, videos and files that are in an operator's banks, told again by PDQ, vPDQ, MD5 and SHA-256. */
export const knownMedia: DetectorFamily = {
  name: NAME,
  scenes: KNOWN_SCENES,
  infos(scenes, { banks }) {
    return Promise.resolve(
      KNOWN_SCENES.filter((scene) => scenes.includes(scene)).flatMap((scene) =>
        info(scene, hashBanksOf(banks, [scene])),
      ),
    );
  },
  create({ pool, banks: reader }) {
    const open = new OpenHashBanks(reader);
    const detector: Detector = {
      name: NAME,
      // Measured: 1.6 ms of hashing (720p) on one core of a Xeon, once more where bars lie around it; looking it up takes less than one.
      costMs: 2,
      async detect(batch, run, signal) {
        const banks = hashBanksOf(run.banks, run.scenes);
        const running = batch.map(async (frame) => {
          const pdqs = await pool.look(ANALYSER, frame, null, signal);
          const said = pdqs.map((pdq, index) => hashed(frame.sample, pdq, index === 0 ? HASH : HASH_WITHOUT_BARS));
          const telling = pdqs.filter(({ quality }) => quality >= LEAST_QUALITY);
          for (const ref of telling.length === 0 ? [] : banks) {
            const { pictures, videos } = matchFrame(await open.open(ref), telling);
            said.push(...pictures.map((match) => known(frame.sample, ref, match)));
            // Videos share frames with others that are harmless, a title for example: only several of them block, see `conclude`.
            said.push(...videos.map((match) => known(frame.sample, { ...ref, atMost: 'review' }, match)));
          }
          return said;
        });
        return (await allSettled(running)).flat();
      },
      async conclude(classified, run, signal) {
        const said: Observation[] = [];
        for (const ref of hashBanksOf(run.banks, run.scenes)) {
          const found = await concludeKnownMedia(await open.open(ref), classified, run.sourceDigest, signal);
          said.push(
            ...found.map(({ sample, match, span }) => ({ ...known(sample, ref, match), ...(span && { span }) })),
          );
        }
        return said;
      },
    };
    return Promise.resolve(detector);
  },
};

/** A hash, kept to be compared with later banks; it decides nothing. */
function hashed(sample: number, { hash, quality }: Pdq, kind: string): Observation {
  return { detector: NAME, sample, class: kind, score: quality / 100, text: hashText(hash) };
}

/** What a match says: at 31 bits, where PDQ's rule ends, its score is 0.9. */
function known(
  sample: number,
  { name, scene, atMost }: Pick<BankRef, 'name' | 'scene' | 'atMost'>,
  { entry, distance }: Omit<BankMatch, 'bank'>,
): Observation {
  return {
    detector: NAME,
    sample,
    class: 'known',
    score: scoreOf(distance),
    scene,
    ...(atMost === 'review' && { atMost }),
    match: { bank: name, entry, distance },
  };
}

function info(scene: Scene, banks: readonly BankRef[]): DetectorInfo[] {
  if (banks.length === 0) return [];
  const entries = banks.reduce((sum, bank) => sum + bank.entries, 0);
  return [
    {
      name: NAME,
      version: VERSION,
      digest: digestOf(banks),
      scene,
      atMost: banks.some(({ atMost }) => atMost === 'block') ? 'block' : 'review',
      sees: `Copies of what is in ${banks.length === 1 ? 'a bank' : `${banks.length} banks`} of ${entries} known pictures, videos and files, also re-encoded, scaled, mirrored, between bars or with a small logo; blind to everything else, and to most copies that are cut or turned.`,
      concludes: true,
    },
  ];
}

/** Changes with what is compared and with how. */
function digestOf(banks: readonly BankRef[]): string {
  const compared = banks.map(({ name, atMost, digest }) => [name, atMost, digest]);
  return createHash('sha256')
    .update(JSON.stringify([VERSION, PDQ_VERSION, compared]))
    .digest('hex');
}
