import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownVideo } from '../../../src/banks/hash-bank.js';
import { hashOfText } from '../../../src/detectors/known-media/pdq-hash.js';
import { ROOT } from '../../support/build.js';

const DIRECTORY = join(ROOT, 'test', 'detectors', 'known-media', 'reference');

/** Videos whose vPDQ is published, each with its file. */
export const VIDEOS = {
  'chair-20-sd-bar': join(DIRECTORY, 'chair-20-sd-bar.mp4'),
  'chair-22-with-large-logo-bar': join(ROOT, 'samples', 'chair-22-with-large-logo-bar.mp4'),
  'chair-22-with-small-logo-bar': join(DIRECTORY, 'chair-22-with-small-logo-bar.mp4'),
  'chair-orig-22-sd-bar': join(ROOT, 'samples', 'chair-orig-22-sd-bar.mp4'),
} as const;
export type VideoName = keyof typeof VIDEOS;
export const VIDEO_NAMES = Object.keys(VIDEOS) as VideoName[];

export function referenceFile(name: string): string {
  return join(DIRECTORY, name);
}

/** Rows of a published list. */
export function referenceRows(name: string): string[][] {
  return readFileSync(referenceFile(name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

/** The published vPDQ of a video. */
export function referenceVideo(name: VideoName): KnownVideo {
  const rows = referenceRows(`${name}.txt`);
  const hashes = new Uint32Array(rows.length * 8);
  rows.forEach(([, , hash = ''], frame) => {
    hashes.set(hashOfText(hash), frame * 8);
  });
  return {
    hashes,
    qualities: Uint8Array.from(rows, ([, quality]) => Number(quality)),
    timestampsS: Float64Array.from(rows, ([, , , timeS]) => Number(timeS)),
  };
}
