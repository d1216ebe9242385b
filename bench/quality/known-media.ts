import { join } from 'node:path';
import { HashBankBuilder } from '../../src/banks/hash-bank-builder.js';
import { openHashBank, type HashBank } from '../../src/banks/hash-bank.js';
import { LEAST_QUALITY } from '../../src/detectors/known-media/match-rule.js';
import { matchFrame } from '../../src/detectors/known-media/match-frame.js';
import { matchVideos } from '../../src/detectors/known-media/match-video.js';
import { hashText } from '../../src/detectors/known-media/pdq-hash.js';
import { pdqOf, pdqsOf, type Pdq } from '../../src/detectors/known-media/pdq.js';
import { VideoHashes } from '../../src/detectors/known-media/video-hashes.js';
import type { Frame } from '../../src/schema/frame.js';
import { everySecond, ffmpeg } from '../overlay/made-clips.js';
import { clipFrames } from '../reference/frames.js';
import { line, table } from '../reference/report.js';

/** Clips, and what is cut off them: the one of the chair has bars of its own. Those that are too still have too few frames that differ. */
const CLIPS = [
  { name: 'cockatoo.mp4' },
  { name: 'chair-orig-22-sd-bar.mp4', cut: 'crop=416:720:32:0' },
  { name: 'grand-prix-1906.ogv' },
  { name: 'phone-1080p.mp4' },
  { name: 'realshort.mp4' },
  { name: 'display-dual-monitors.webm' },
];

/** Cuts a picture to a shape from its middle. */
const shape = (aspect: string): string => `crop='min(iw,2*trunc(ih*${aspect}/2))':'min(ih,2*trunc(iw/(${aspect})/2))'`;
/** Lays a picture into one of another shape; `place`: where its upper edge is, 0.5: in the middle. */
const bars = (aspect: string, { colour = 'black', place = 0.5 } = {}): string =>
  `pad='max(iw,2*trunc(ih*${aspect}/2))':'max(ih,2*trunc(iw/(${aspect})/2))':(ow-iw)/2:(oh-ih)*${place}:${colour}`;
const WRITTEN = "drawtext=text='This is what he says now':fontcolor=white:fontsize=h/16:x=(w-tw)/2:y=h*0.97-th";

/** What is in the bank, and what is shown: filters upon the same clip. */
const COPIES: readonly { name: string; known: string; shown: string }[] = [
  { name: 'no bars', known: 'null', shown: 'null' },
  { name: '16:9 in 4:3', known: shape('16/9'), shown: `${shape('16/9')},${bars('4/3')}` },
  { name: '2.35:1 in 16:9', known: shape('2.35'), shown: `${shape('2.35')},${bars('16/9')}` },
  { name: '4:3 in 16:9', known: shape('4/3'), shown: `${shape('4/3')},${bars('16/9')}` },
  { name: '9:16 in 16:9', known: shape('9/16'), shown: `${shape('9/16')},${bars('16/9')}` },
  { name: '16:9 in 9:16', known: shape('16/9'), shown: `${shape('16/9')},${bars('9/16')}` },
  { name: '4:3 in 16:9 in 4:3', known: shape('4/3'), shown: `${shape('4/3')},${bars('16/9')},${bars('4/3')}` },
  { name: '16:9 in 4:3, white', known: shape('16/9'), shown: `${shape('16/9')},${bars('4/3', { colour: 'white' })}` },
  { name: '16:9 in 4:3, subtitles', known: shape('16/9'), shown: `${shape('16/9')},${bars('4/3')},${WRITTEN}` },
  {
    name: '16:9 in 4:3, off the middle',
    known: shape('16/9'),
    shown: `${shape('16/9')},${bars('4/3', { place: 0.3 })}`,
  },
  { name: 'bars taken off: 16:9 in 4:3', known: `${shape('16/9')},${bars('4/3')}`, shown: shape('16/9') },
  {
    name: 'other bars: 16:9 in 4:3, in 1:1',
    known: `${shape('16/9')},${bars('4/3')}`,
    shown: `${shape('16/9')},${bars('1')}`,
  },
];

/** Banks of the same videos: hashes of whole frames, as `vpdq-hash-video` writes them, and what an import of the videos makes. */
interface Banks {
  listed: HashBank;
  imported: HashBank;
}

/** What came of all copies of one kind. */
interface Outcome {
  samples: number;
  /** Samples that match their own video: of a list by whole pictures alone, and also without bars; of an import. */
  whole: number;
  listed: number;
  imported: number;
  /** Videos told again, of an import. */
  videos: number;
  /** Samples and videos that match another video than their own, in either bank. */
  wrong: number;
  /** Milliseconds of CPU for all hashes of all samples, and for those of whole ones alone. */
  ms: number;
  wholeMs: number;
}

/** Prints which copies of videos with bars around them are told again, and which videos are taken for another. */
export async function knownMediaQuality(): Promise<void> {
  const rows: (string | number)[][] = [];
  const clips = new Map<string, string>();
  for (const { name, cut } of CLIPS) clips.set(name, (await everySecond(join('samples', name), cut)).path);
  for (const copy of COPIES) {
    const banks = await banksOf(clips, copy.known);
    const outcome: Outcome = { samples: 0, whole: 0, listed: 0, imported: 0, videos: 0, wrong: 0, ms: 0, wholeMs: 0 };
    for (const [name, path] of clips) {
      const encoded = join('.cache', 'bench-overlay', 'barred.mkv');
      const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '28', '-pix_fmt', 'yuv420p'];
      await ffmpeg('-i', path, '-vf', copy.shown, ...x264, encoded);
      await tellAgain(name, (await clipFrames(encoded)).frames, banks, outcome);
    }
    const share = (count: number): string => `${Math.round((100 * count) / outcome.samples)} %`;
    rows.push([
      ...[copy.name, outcome.samples, share(outcome.whole), share(outcome.listed), share(outcome.imported)],
      ...[`${outcome.videos} of ${CLIPS.length}`, outcome.wrong],
      ...[outcome.wholeMs, outcome.ms].map((ms) => (ms / outcome.samples).toFixed(1)),
    ]);
  }
  line(
    `Known media behind bars: ${CLIPS.length} clips of samples/, one frame a second, x264 at CRF 28; found: up to 31 bits away`,
  );
  table([
    [
      ...['shown', 'samples', 'of a list, whole alone', 'and without bars', 'of an import', 'videos', 'wrong'],
      ...['CPU ms a sample, whole alone', 'all'],
    ],
    ...rows,
  ]);
  line();
}

async function banksOf(clips: ReadonlyMap<string, string>, filter: string): Promise<Banks> {
  const [listed, imported] = [new HashBankBuilder(), new HashBankBuilder()];
  for (const [name, path] of clips) {
    const { frames } = await clipFrames(path, { scale: filter });
    const hashes = new VideoHashes();
    for (const [second, frame] of frames.entries()) hashes.add(frame, second);
    imported.addVideo(name, hashes.build());
    const pdqs = frames.map((frame) => pdqOf(frame));
    listed.addVideo(name, {
      hashes: Uint32Array.from(pdqs.flatMap(({ hash }) => [...hash])),
      qualities: Uint8Array.from(pdqs, ({ quality }) => quality),
      timestampsS: Float64Array.from(pdqs, (_, second) => second),
    });
  }
  return { listed: openHashBank(listed.build().bytes), imported: openHashBank(imported.build().bytes) };
}

async function tellAgain(name: string, frames: readonly Frame[], banks: Banks, outcome: Outcome): Promise<void> {
  outcome.wholeMs += spent(() => frames.map((frame) => pdqOf(frame))).ms;
  const { ms, result: samples } = spent(() => frames.map((frame) => ({ sample: frame.sample, pdqs: pdqsOf(frame) })));
  outcome.ms += ms;
  /** Entries of a bank that hashes match, of which those that are not this video are wrong. */
  const entries = (bank: HashBank, pdqs: readonly Pdq[]): string[] => {
    const good = pdqs.filter(({ quality }) => quality >= LEAST_QUALITY);
    const found = matchFrame(bank, good).videos.map(({ entry }) => entry);
    if (found.some((entry) => entry !== name)) outcome.wrong++;
    return found;
  };
  outcome.samples += samples.length;
  for (const { pdqs } of samples) {
    if (entries(banks.listed, pdqs.slice(0, 1)).includes(name)) outcome.whole++;
    if (entries(banks.listed, pdqs).includes(name)) outcome.listed++;
    if (entries(banks.imported, pdqs).includes(name)) outcome.imported++;
  }
  const hashed = samples.flatMap(({ sample, pdqs }) => {
    const hashes = pdqs.flatMap(({ hash, quality }) => (quality >= LEAST_QUALITY ? [hashText(hash)] : []));
    return hashes.length === 0 ? [] : [{ sample, hashes }];
  });
  const told = await matchVideos(banks.imported, hashed, 1, new AbortController().signal);
  if (told.some(({ entry }) => entry === name)) outcome.videos++;
  if (told.some(({ entry }) => entry !== name)) outcome.wrong++;
}

/** Milliseconds of CPU that something took, and its result. */
function spent<T>(work: () => T): { ms: number; result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, result };
}
