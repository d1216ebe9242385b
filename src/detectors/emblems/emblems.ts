import { openImageBank } from '../../banks/image-bank.js';
import { digestOf } from '../../digest.js';
import type { BankRef } from '../../schema/bank.js';
import type { DetectorInfo } from '../../schema/detector-info.js';
import type { Observation } from '../../schema/observation.js';
import type { Scene } from '../../schema/scene.js';
import { allSettled } from '../all-settled.js';
import type { Analyser } from '../analysers.js';
import type { BankReader, Detector, DetectorFamily } from '../detector.js';
import { bestInPlace, type Sighting } from './sighting.js';
import { packTemplates } from './templates.js';

/** To be raised with every change that can alter what is found: it is part of the digest. */
const VERSION = '2';
const NAME = 'emblems';
/** Scenes in which an emblem is a finding. */
const EMBLEM_SCENES: readonly Scene[] = ['terrorism', 'logo'];
const SEES =
  "Pictures of an operator's banks that lie in the picture whole, from about 6 % of its height on: two-toned marks unlike what is behind them in brightness " +
  'or colour by their outlines, others by their details; not plain forms such as discs and squares, and not what is covered, worn, waving or small.';

/** Emblems, flags and logos of operators' banks. */
export const emblems: DetectorFamily = {
  name: NAME,
  scenes: EMBLEM_SCENES,
  infos(scenes, { banks }) {
    return Promise.resolve(
      EMBLEM_SCENES.filter((scene) => scenes.includes(scene)).flatMap((scene) =>
        info(scene, imageBanksOf(banks, [scene])),
      ),
    );
  },
  create({ pool, banks: reader }) {
    const open = new OpenTemplates(reader);
    const detector: Detector = {
      name: NAME,
      // Measured with 100 flat marks on a busy machine; from 90 with one of them to 530 with eight pictures full of details. See docs/quality.md.
      costMs: 300,
      async detect(batch, run, signal) {
        const banks = imageBanksOf(run.banks, run.scenes);
        if (banks.length === 0) return [];
        const { analyser, entries } = await open.open(banks);
        const running = batch.map(async (frame) => {
          const sightings = await pool.look(analyser, frame, null, signal);
          return observations(frame.sample, sightings, entries);
        });
        return (await allSettled(running)).flat();
      },
    };
    return Promise.resolve(detector);
  },
};

/** Banks of pictures that speak for any of the scenes, in an order of their own. */
function imageBanksOf(banks: readonly BankRef[], scenes: readonly Scene[]): BankRef[] {
  return banks
    .filter(
      ({ kind, scene, atMost, entries }) =>
        kind === 'images' &&
        atMost !== 'pass' &&
        entries > 0 &&
        EMBLEM_SCENES.includes(scene) &&
        scenes.includes(scene),
    )
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function info(scene: Scene, banks: readonly BankRef[]): DetectorInfo[] {
  if (banks.length === 0) return [];
  const digest = digestOf([VERSION, banks.map(({ name, digest, atMost }) => ({ name, digest, atMost }))]);
  const atMost = banks.some((bank) => bank.atMost === 'block') ? 'block' : 'review';
  return [{ name: NAME, version: VERSION, digest, scene, atMost, sees: SEES }];
}

/** A picture of a bank. */
interface Entry {
  bank: BankRef;
  name: string;
}

interface Opened {
  analyser: Analyser<'emblems'>;
  /** By index of the picture. */
  entries: readonly Entry[];
}

/** Sets of banks whose pictures are kept decoded. */
const MOST_OPEN = 4;

/** Pictures of banks, decoded once for each set of banks that tasks name together. */
class OpenTemplates {
  readonly #open = new Map<string, Promise<Opened>>();

  constructor(readonly reader: BankReader) {}

  /** @throws whatever a content could not be read or opened for; it is tried again at the next call. */
  async open(banks: readonly BankRef[]): Promise<Opened> {
    const key = JSON.stringify(banks.map(({ name, scene, atMost, digest }) => [name, scene, atMost, digest]));
    const known = this.#open.get(key);
    const opened = known ?? this.#read(banks);
    // The last in the map is the one used last.
    this.#open.delete(key);
    this.#open.set(key, opened);
    if (known === undefined) {
      opened.catch(() => this.#open.delete(key));
      for (const oldest of [...this.#open.keys()].slice(0, -MOST_OPEN)) this.#open.delete(oldest);
    }
    return await opened;
  }

  async #read(banks: readonly BankRef[]): Promise<Opened> {
    const contents = await Promise.all(banks.map((bank) => this.reader.read(bank)));
    const images = contents.map((bytes) => openImageBank(bytes));
    const entries = banks.flatMap((bank, at) => (images[at] ?? []).map(({ name }) => ({ bank, name })));
    const settings = await packTemplates(images.flat());
    return { entries, analyser: { kind: 'emblems', id: banks.map(({ digest }) => digest).join(), settings } };
  }
}

function observations(sample: number, sightings: readonly Sighting[], entries: readonly Entry[]): Observation[] {
  const seen = sightings.flatMap((sighting) => {
    const entry = entries[sighting.template];
    return entry === undefined ? [] : [{ ...sighting, entry }];
  });
  return EMBLEM_SCENES.flatMap((scene) =>
    bestInPlace(seen.filter(({ entry }) => entry.bank.scene === scene)).map(
      ({ score, distance, box, entry: { bank, name } }): Observation => ({
        ...{ detector: NAME, sample, class: 'emblem', score, scene },
        ...(bank.atMost === 'review' && { atMost: 'review' as const }),
        box,
        match: { bank: bank.name, entry: name, distance },
      }),
    ),
  );
}
