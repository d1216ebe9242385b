import { createHash } from 'node:crypto';
import { writeImageBank, type BankImage } from '../../src/banks/image-bank.js';
import { createDetectors, type DetectorSet } from '../../src/detectors/registry.js';
import type { DetectorRun } from '../../src/detectors/detector.js';
import { loadPolicy } from '../../src/policy.js';
import type { BankRef } from '../../src/schema/bank.js';
import type { Frame } from '../../src/schema/frame.js';
import type { Observation } from '../../src/schema/observation.js';

/** The detector `emblems` with a bank of these pictures. */
export interface Finder {
  look(frame: Frame): Promise<Observation[]>;
  close(): Promise<void>;
}

/** One thread; its templates are ready once this is answered. */
export async function finderOf(images: readonly BankImage[]): Promise<Finder> {
  const content = writeImageBank(images);
  const bank: BankRef = {
    ...{ name: 'marks', kind: 'images', scene: 'logo', atMost: 'review', version: 1, entries: images.length },
    digest: createHash('sha256').update(content).digest('hex'),
  };
  const set: DetectorSet = await createDetectors({
    threads: 1,
    scenes: ['logo'],
    banks: { read: () => Promise.resolve(content) },
  });
  const detector = set.detectors.find(({ name }) => name === 'emblems');
  if (detector === undefined) throw new Error('Expected a detector called emblems.');
  const run: DetectorRun = { sourceDigest: '', ...(await loadPolicy()), scenes: ['logo'], banks: [bank] };
  const look = (frame: Frame): Promise<Observation[]> => detector.detect([frame], run, new AbortController().signal);
  const black = new Uint8Array(new SharedArrayBuffer(64 * 64 * 3));
  const colour = { matrix: null, range: null };
  await look({ sample: 0, widthPx: 64, heightPx: 64, format: 'rgb24', colour, data: black, release: () => undefined });
  return { look, close: () => set.close() };
}
