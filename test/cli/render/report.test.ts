import { stripVTControlCharacters } from 'node:util';
import { renderReport } from '../../../src/cli/render/report.js';
import type { Finding } from '../../../src/schema/verdict.js';
import { widthOf } from '../../../src/cli/render/terminal-text.js';
import { digestOf, makeEvidence } from '../../store/make-records.js';
import { blockFrame, observation, reported, revisionOf, TASK_ID } from './make-task.js';

const PLAIN = { colour: false, width: 80 };
const report = (...given: Parameters<typeof reported>) => renderReport(...reported(...given), PLAIN);
/** The lines beside a label. */
function partOf(text: string, label: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${label} `));
  if (start === -1) return [];
  const rest = lines.slice(start + 1);
  const next = rest.findIndex((line) => !line.startsWith(' '));
  return [lines[start] ?? '', ...rest.slice(0, next === -1 ? undefined : next)].map((line) => line.slice(11));
}

test('the first line says suggestion, video, length and categories', () => {
  expect(report(revisionOf('review')).split('\n')[0]).toBe(' REVIEW  samples/cockatoo.mp4  0:14  porn');
  expect(report(revisionOf('pass')).split('\n')[0]).toBe(' PASS  samples/cockatoo.mp4  0:14');
});

test('every reason is told in full', () => {
  const reasons = [
    'porn: nsfwjs saw something, and it went on and on until the line was full.',
    'Only 3 of 14 samples.',
  ];
  const told = partOf(report(revisionOf('review', { reasons })), 'Reason').join(' ');
  for (const reason of reasons) expect(told).toContain(reason);
});

test('neighbouring block frames of one kind are one line with the peak of their rates', () => {
  const blockFrames = [blockFrame(0, 71), blockFrame(1, 99.13), blockFrame(2, 80), blockFrame(7, 60)];
  const [run, single, ...rest] = partOf(report(revisionOf('block', { blockFrames })), 'Frames');
  expect(run).toMatch(/^0:00–0:02 {2}3 samples {2}━{9}─ +99\.1 peak {2}porn {2}nsfwjs$/);
  expect(single).toMatch(/^0:07 {7}1 sample {3}━{6}─{4} +60\.0 {7}porn {2}nsfwjs$/);
  expect(rest).toEqual([]);
});

test('block frames that different detectors found are lines of their own', () => {
  const blockFrames = [blockFrame(0, 71), blockFrame(1, 71, ['nsfwjs', 'open-nsfw']), blockFrame(2, 71)];
  const lines = partOf(report(revisionOf('block', { blockFrames })), 'Frames');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('nsfwjs + open-nsfw');
});

test('of very many stretches of block frames those after the eighth are counted', () => {
  const blockFrames = Array.from({ length: 20 }, (_, index) => blockFrame(index * 2, 90));
  const lines = partOf(report(revisionOf('block', { blockFrames })), 'Frames');
  expect(lines).toHaveLength(9);
  expect(lines[8]).toBe('and 12 more samples: all of them with --json');
});

const finding = (given: Partial<Finding>): Finding => ({
  ...{ scene: 'logo', detector: 'overlay', class: 'overlay', score: 0.96 },
  ...{ sample: 0, samples: 1, startS: 0, endS: 21 },
  ...given,
});

test('findings are told with text, match, place and stretch', () => {
  const box = { x: 0.8, y: 0.042, width: 0.125, height: 0.1 };
  const match = { bank: 'spam', entry: 'link 7', distance: 0 };
  const findings = [
    finding({ box }),
    finding({ scene: 'ad', detector: 'text', class: 'url', text: 'example.com', match, startS: 65, endS: 65.4 }),
  ];
  const [overlay, url, ...rest] = partOf(report(revisionOf('review', { findings })), 'Found');
  expect(overlay).toBe('0:00–0:21  logo  overlay  overlay 0.96 in 13×10 % at 80,4 %');
  expect([url, ...rest].join(' ')).toMatch(
    /^1:05 {7}ad {2}text {2}url 0\.96 “example\.com” spam\/link 7 at +distance 0$/,
  );
});

test('findings that say no more than the block frames are left to them', () => {
  const blockFrames = [blockFrame(0, 71), blockFrame(1, 80)];
  const porn = { scene: 'porn', detector: 'nsfwjs', class: 'porn' } as const;
  const said = finding({ ...porn, startS: 0, endS: 1 });
  expect(partOf(report(revisionOf('review', { blockFrames, findings: [said] })), 'Found')).toEqual([]);
  const longer = finding({ ...porn, startS: 0, endS: 5 });
  expect(partOf(report(revisionOf('review', { blockFrames, findings: [longer] })), 'Found')).toHaveLength(1);
});

test('of very many findings those after the twelfth are counted', () => {
  const findings = Array.from({ length: 20 }, (_, at) => finding({ text: `no. ${at}`, startS: at, endS: at }));
  const lines = partOf(report(revisionOf('review', { findings })), 'Found');
  expect(lines).toHaveLength(13);
  expect(lines[12]).toBe('and 8 more findings: all of them with --json');
});

test('a detector that serves several scenes is told with the scene', () => {
  const text = { name: 'text', version: '1', digest: digestOf('t'), atMost: 'review' } as const;
  const detectors = [{ ...text, scene: 'ad' } as const, { ...text, scene: 'terrorism' } as const];
  const observations = [observation(0, 'url', 0.9, 'text')];
  expect(partOf(report(revisionOf('review', { detectors }), { observations }), 'Detectors')).toEqual([
    'text 1 (ad)         url at most 0.90 at 0:00; 1 sample',
    'text 1 (terrorism)  saw nothing that speaks for terrorism; 1 sample',
  ]);
});

test('a video without block frames has no part about them', () => {
  expect(partOf(report(revisionOf('pass')), 'Frames')).toEqual([]);
});

test('coverage says how many samples of how many, and the largest gap', () => {
  const coverage = { inspected: 3, planned: 14, largestGapS: 11.5 };
  expect(partOf(report(revisionOf('review', { coverage })), 'Coverage')).toEqual([
    '3 of 14 samples inspected over 14 s; at most 12 s without one',
  ]);
});

test('coverage says of which scenes fewer samples were looked at, how many were taken closer, and what nobody saw', () => {
  const codes = { name: 'codes', version: '1', digest: digestOf('c'), scene: 'ad', atMost: 'review' } as const;
  const skipped = Array.from({ length: 7 }, (_, nth) => ({ startS: nth * 20, endS: nth * 20 + 10 }));
  const coverage = { inspected: 12, planned: 19, largestGapS: 10, denser: 4, skipped };
  const review = revisionOf('review', { coverage, looked: { nsfwjs: 12, codes: 8 } });
  const detectors = [...review.verdict.detectors, codes];
  const told = report(
    { ...review, verdict: { ...review.verdict, detectors, inspectedScenes: ['porn', 'ad'] } },
    { observations: [] },
  );
  expect(partOf(told, 'Coverage')).toEqual([
    '12 of 19 samples inspected over 14 s, 4 of them around what looked',
    'suspicious; at most 10 s without one',
    'ad: 8 samples',
    'not looked at: 0:00–0:10, 0:20–0:30, 0:40–0:50, 1:00–1:10, 1:20–1:30',
    'and 2 more: all of them with --json',
  ]);
  expect(partOf(told, 'Detectors')).toEqual([
    'nsfwjs 4.4.0  saw nothing that speaks for porn; 12 samples',
    'codes 1       saw nothing that speaks for ad; 8 samples',
  ]);
});

test('every detector is told with its highest score of a class that counts, where that was, and the samples it saw', () => {
  const other = { name: 'open-nsfw', version: '1.0', digest: digestOf('o'), scene: 'porn', atMost: 'block' } as const;
  const silent = { ...other, name: 'third', version: '3' } as const;
  const verdict = revisionOf('review');
  const detectors = [...verdict.verdict.detectors, other, silent];
  const observations = [
    observation(0, 'neutral', 0.999),
    observation(0, 'porn', 0.3),
    observation(1, 'neutral', 0.1),
    observation(1, 'hentai', 0.897),
    observation(2, 'drawing', 0.95),
    observation(1, 'porn', 0.02, 'open-nsfw'),
  ];
  expect(partOf(report(revisionOf('review', { detectors }), { observations }), 'Detectors')).toEqual([
    'nsfwjs 4.4.0   hentai at most 0.89 at 0:01; 3 samples',
    'open-nsfw 1.0  porn at most 0.02 at 0:01; 1 sample',
    'third 3        was not asked',
  ]);
});

test('scenes that nothing looked for are named', () => {
  const lines = partOf(report(revisionOf('pass', { notInspectedScenes: ['terrorism', 'ad'] })), 'Not seen');
  expect(lines.join(' ')).toBe(
    'terrorism, ad: asked for, but there is no bank to compare with: framewarden bank --help',
  );
  expect(partOf(report(revisionOf('pass')), 'Not seen')).toEqual([]);
});

test('what waits for a person says how to go on, with an id that can be typed', () => {
  expect(partOf(report(revisionOf('review')), 'Next')).toEqual([
    'framewarden review show 3f2a9c1b',
    'framewarden review pass|block 3f2a9c1b --reason TEXT',
  ]);
  expect(partOf(report(revisionOf('review'), { isReviewShown: true }), 'Next')).toEqual([
    'framewarden review pass|block 3f2a9c1b --reason TEXT',
  ]);
  expect(partOf(report(revisionOf('block')), 'Next')).toEqual([]);
});

test('a decision by a person is told with name and reason', () => {
  const revision = revisionOf('block', {}, { revision: 2, origin: 'person', reviewer: 'ada', reason: 'Seen it.' });
  const text = report(revision);
  expect(partOf(text, 'Decided by').join(' ')).toBe('ada (person), 2026-11-21T15:40:03.000Z: Seen it.');
  expect(partOf(text, 'Task')).toEqual([TASK_ID, 'revision 2 by a person, moderated in 2.9 s']);
});

test('why it is to be read again is told', () => {
  const notes = [{ kind: 'appeal' as const, by: 'ada', reason: 'A parrot.' }];
  expect(partOf(report(revisionOf('review'), { notes }), 'Asked by')).toEqual(['ada (appeal): A parrot.']);
});

test('evidence is counted, with where its frames went', () => {
  const evidence = [makeEvidence(1, 'a'), makeEvidence(2, 'b'), { ...makeEvidence(3, 'c'), kind: 'clip' as const }];
  expect(partOf(report(revisionOf('review'), { evidence }), 'Evidence')[0]).toContain(
    '2 frames and 1 clip kept; --frames',
  );
  const written = report(revisionOf('review'), { evidence, framesDir: 'out' });
  expect(partOf(written, 'Evidence')).toEqual(['2 frames and 1 clip kept; frames written to out']);
  const without = [makeEvidence(1, 'a'), { ...makeEvidence(1, 'b'), kind: 'no clip' as const }];
  expect(partOf(report(revisionOf('review'), { evidence: without }), 'Evidence').join(' ')).toMatch(
    /^1 frame kept; .*; no clip: ffmpeg has the encoders neither/,
  );
  const awaited = report(revisionOf('review', { blockFrames: [blockFrame(0, 71)] }), { isKeeping: true });
  expect(partOf(awaited, 'Evidence')[0]).toContain('is being kept; framewarden show ID');
  expect(partOf(report(revisionOf('pass', { blockFrames: [] }), { isKeeping: true }), 'Evidence')).toEqual([]);
});

test('a task that failed says its code and message, and nothing of detectors', () => {
  const text = report(null, { durationS: null }, { status: 'Failed', code: 'NoVideoStream', message: 'No picture.' });
  expect(text.split('\n')[0]).toBe(' FAILED  samples/cockatoo.mp4');
  expect(partOf(text, 'Reason')).toEqual(['NoVideoStream: No picture.']);
  expect(partOf(text, 'Detectors')).toEqual([]);
});

test('a task that runs says so', () => {
  const text = report(null, {}, { status: 'Running', endTime: null });
  expect(text.split('\n')[0]).toBe(' RUNNING  samples/cockatoo.mp4  0:14');
});

const long = revisionOf('review', {
  findings: [
    finding({ box: { x: 0.8, y: 0.042, width: 0.125, height: 0.1 } }),
    finding({ text: 'long '.repeat(40), match: { bank: 'a bank', entry: 'an entry of it', distance: 3 } }),
  ],
  reasons: ['porn: nsfwjs scored 0.99 at 0:02, and 7 samples from 0:00 to 0:10 reached a review threshold; no second.'],
  blockFrames: [blockFrame(0, 71), blockFrame(1, 99.13), blockFrame(7, 100)],
  notInspectedScenes: ['terrorism', 'ad', 'live', 'logo'],
});

test('everything fits into 80 cells', () => {
  const observations = [observation(0, 'porn', 0.3), observation(1, 'hentai', 0.9)];
  const evidence = [makeEvidence(1, 'a')];
  for (const line of report(long, { observations, evidence }).split('\n'))
    expect(widthOf(line)).toBeLessThanOrEqual(80);
});

test('colour changes nothing but the colour', () => {
  const coloured = renderReport(...reported(long), { colour: true, width: 80 });
  const plain = renderReport(...reported(long), PLAIN);
  expect(coloured).not.toBe(plain);
  const trimmed = (text: string) => text.split('\n').map((line) => line.trimEnd());
  expect(trimmed(stripVTControlCharacters(coloured))).toEqual(trimmed(plain));
});

test('texts of strangers cannot write to the terminal', () => {
  const controls = /(?!\n)[\p{Control}\p{Bidi_Control}]/u;
  const evil = '\u001B[2J\u001B]0;x\u0007evil\r\nname\u202E';
  const revision = revisionOf('block', { reasons: [evil] }, { origin: 'person', reviewer: evil, reason: evil });
  const findings = [finding({ class: evil, text: evil, match: { bank: evil, entry: evil, distance: 0 } })];
  expect(report(revisionOf('block', { findings }))).not.toMatch(controls);
  const lines = report(revision, { name: evil, framesDir: evil }).split('\n');
  expect(lines.filter((line) => controls.test(line))).toEqual([]);
  expect(lines).toHaveLength(report(revisionOf('block', {}, { origin: 'person', reason: '' })).split('\n').length + 1);
});
