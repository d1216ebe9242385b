import type { BankImage } from '../src/banks/image-bank.js';
import { overlap } from '../src/detectors/emblems/sighting.js';
import { finderOf, type Finder } from './emblems/finder.js';
import { marks, tinted, type Mark } from './emblems/marks.js';
import { overlaid, sampleFrames, type ClipFrame } from './emblems/scenes.js';
import { cutPictures } from './emblems/cut-pictures.js';
import type { Layer } from './emblems/overlay.js';
import { line, percentile, table } from './reference/report.js';

/** As in policies/default.yaml. */
const REVIEW = 0.78;
const SHARES = [0.06, 0.08, 0.12, 0.2, 0.3];
const COLOURS = [
  ['white', [255, 255, 255]],
  ['black', [0, 0, 0]],
  ['red', [220, 30, 40]],
] as const;

/** What is laid over frames. */
interface Subject {
  name: string;
  layer: Layer;
  part: { left: number; top: number; width: number; height: number };
}

/** Prints how many marks are found over real frames, by size, what is found wrongly, and what it costs. `each`: every how manieth mark is tried, 1: all; `clipFrames`: frames of each clip that are searched for false alarms. */
export async function main([each = '2', clipFrames = '20']: readonly string[]): Promise<void> {
  const every = Number(each);
  const perClip = Number(clipFrames);
  const all = await marks(100);
  const frames = await sampleFrames(3);
  const finder = await finderOf(all.map(({ image }) => image));
  try {
    await falseAlarms(finder, await sampleFrames(perClip));
    for (const [colour, rgb] of COLOURS)
      await recall(
        finder,
        `marks of simple-icons, ${colour}`,
        all.filter((_, index) => index % every === 0).map((mark) => subjectOf(mark, rgb)),
        frames,
      );
  } finally {
    await finder.close();
  }
  const cuts = await cutPictures();
  const textured = await finderOf(cuts.map(({ image }) => image));
  try {
    await recall(textured, 'pictures cut from photographs', cuts, frames);
    await falseAlarms(
      textured,
      frames.filter(({ clip }) => !cuts.some((cut) => cut.clip === clip)),
    );
  } finally {
    await textured.close();
  }
  await cost(
    all.map(({ image }) => image),
    cuts.map(({ image }) => image),
    frames,
  );
}

function subjectOf(mark: Mark, rgb: readonly [number, number, number]): Subject {
  return { name: mark.slug, layer: tinted(mark, rgb), part: mark.box };
}

async function falseAlarms(finder: Finder, frames: readonly ClipFrame[]): Promise<void> {
  const highest = new Map<string, { frames: number; alarms: number; score: number; entry: string }>();
  for (const { clip, frame } of frames) {
    const said = await finder.look(frame);
    const row = highest.get(clip) ?? { frames: 0, alarms: 0, score: 0, entry: '' };
    row.frames++;
    if (said.some(({ score }) => score >= REVIEW)) row.alarms++;
    for (const { score, match } of said) if (score > row.score) Object.assign(row, { score, entry: match?.entry });
    highest.set(clip, row);
  }
  line(`False alarms on samples/ as they are, none of which shows any of the pictures (asked: none at ${REVIEW})`);
  table([
    ['clip', 'frames', `frames ≥ ${REVIEW}`, 'highest score', 'of'],
    ...[...highest].map(([clip, row]) => [clip, row.frames, row.alarms, row.score.toFixed(3), row.entry]),
  ]);
  line();
}

async function recall(
  finder: Finder,
  title: string,
  subjects: readonly Subject[],
  frames: readonly ClipFrame[],
): Promise<void> {
  line(
    `Recall: ${title}; turned by up to 20°, corners moved by up to 5 %, JPEG 40–90; found = at ${REVIEW}, box IoU ≥ 0.5`,
  );
  const rows: (string | number)[][] = [['size', 'opaque', 'opacity 0.6', 'any score, opaque', 'wrong entry or place']];
  for (const share of SHARES) {
    let wrong = 0;
    const cells = [];
    let any = 0;
    for (const opacity of [1, 0.6]) {
      let found = 0;
      for (const [index, { name, layer, part }] of subjects.entries()) {
        const under = frames[(index * 7 + Math.round(share * 100)) % frames.length];
        if (under === undefined) continue;
        const quality = 40 + ((index * 17) % 51);
        const { frame, box } = await overlaid(under, layer, part, {
          share,
          opacity,
          quality,
          seed: index + share * 1e4,
        });
        const said = await finder.look(frame);
        const right = said.filter((seen) => seen.match?.entry === name && seen.box && overlap(seen.box, box) >= 0.5);
        if (right.some(({ score }) => score >= REVIEW)) found++;
        if (opacity === 1 && right.length > 0) any++;
        if (said.some((seen) => seen.score >= REVIEW && !right.includes(seen))) wrong++;
      }
      cells.push(`${Math.round((100 * found) / subjects.length)} %`);
    }
    rows.push([
      `${Math.round(share * 100)} % of the height`,
      ...cells,
      `${Math.round((100 * any) / subjects.length)} %`,
      `${wrong} of ${2 * subjects.length}`,
    ]);
  }
  table(rows);
  line();
}

async function cost(
  flat: readonly BankImage[],
  textured: readonly BankImage[],
  frames: readonly ClipFrame[],
): Promise<void> {
  line('Milliseconds of CPU for a frame (process, one thread at work)');
  const rows: (string | number)[][] = [['bank', 'median', 'p99']];
  const banks: [string, readonly BankImage[]][] = [1, 10, 100].map((count) => [`${count} marks`, flat.slice(0, count)]);
  banks.push([`${textured.length} photographs`, textured]);
  for (const [name, images] of banks) {
    const finder = await finderOf(images);
    const spent: number[] = [];
    for (const { frame } of frames) {
      const before = process.cpuUsage();
      await finder.look(frame);
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    rows.push([name, percentile(spent, 0.5).toFixed(0), percentile(spent, 0.99).toFixed(0)]);
    await finder.close();
  }
  table(rows);
}
