import { clock } from '../../domain/reasons.js';
import type { EvidenceItem } from '../../schema/evidence.js';
import type { Observation } from '../../schema/observation.js';
import type { ModerationResultBody } from '../../schema/result.js';
import type { ReviewNote } from '../../schema/review.js';
import type { Revision, Verdict } from '../../schema/verdict.js';
import { outcomeOf } from '../exit-codes.js';
import { coverageLines } from './coverage-lines.js';
import { detectorLines, frameLines } from './findings.js';
import { foundLines } from './found.js';
import { count, duration } from './quantities.js';
import { shortTaskId } from './short-task-id.js';
import { createStyle, outcomeColour, type Style } from './style.js';
import { pad, printable, wrap } from './terminal-text.js';

/** What a report tells besides the result itself. */
export interface ReportExtras {
  /** The video as the user knows it. */
  name: string;
  /** Latest revision; `null` when there is no verdict. */
  revision: Revision | null;
  /** Of the video, in seconds; `null` when it could not be probed. */
  durationS: number | null;
  /** Seconds from the first frame to a sample. */
  timeS: (sample: number) => number;
  /** All observations of the task. */
  observations: readonly Observation[];
  evidence: readonly EvidenceItem[];
  /** Why it is to be read by leads, or again. */
  notes: readonly ReviewNote[];
  /** Whether more evidence may be on its way. */
  isKeeping: boolean;
  /** Seconds that the machine's run took; `null` when not known. */
  elapsedS: number | null;
  /** Whether it answers `show` or `review show`, which then are no way to go on. */
  isReviewShown: boolean;
  /** Directory that the frames were written to; `null`: they were not asked for. */
  framesDir: string | null;
}

/** How text is laid out. */
export interface Layout {
  colour: boolean;
  /** Cells of a line. */
  width: number;
}

/** Cells of the left column. */
const LABEL = 11;

/** One part of the report: a label and the lines beside it. */
type Part = [label: string, lines: string[]];

/**
 * The result of one task for a person: suggestion, reasons, frames, findings, coverage, what each detector said, and how to go on. Ends without a line break.
 * Texts that come from outside are made harmless for a terminal.
 */
export function renderReport(body: ModerationResultBody, extras: ReportExtras, { colour, width }: Layout): string {
  const style = createStyle(colour);
  const text = Math.max(30, width) - LABEL;
  const { revision } = extras;
  const parts: Part[] =
    revision === null
      ? unfinished(body, text)
      : [
          ['Reason', revision.verdict.reasons.flatMap((reason) => wrap(printable(reason), text))],
          ...part('Frames', frameLines(revision.verdict.blockFrames, style)),
          ...part('Found', foundLines(revision.verdict.findings ?? [], revision.verdict.blockFrames, text)),
          ['Coverage', coverageLines(revision.verdict, extras.durationS, text)],
          ['Detectors', detectorLines(revision.verdict, extras, text)],
          ...missingPart(revision.verdict, style, text),
          ...decisionPart(revision, text),
          ...notesPart(extras, text),
          ...evidencePart(extras, text),
        ];
  const all: Part[] = [...parts, ['Task', taskLines(body, extras)], ...nextPart(body, extras)];
  return [heading(body, extras, style), '', ...all.flatMap(([label, lines]) => layOut(label, lines, style))].join('\n');
}

/** A part, unless it has nothing to say. */
function part(label: string, lines: string[]): Part[] {
  return lines.length === 0 ? [] : [[label, lines]];
}

function layOut(label: string, lines: readonly string[], style: Style): string[] {
  return lines.map((line, index) => `${style.dim(pad(index === 0 ? label : '', LABEL))}${line}`.trimEnd());
}

function heading(body: ModerationResultBody, extras: ReportExtras, style: Style): string {
  const outcome = outcomeOf(body);
  const word = body.Status === 'Running' && extras.revision === null ? 'running' : outcome;
  const paint = word === 'running' ? style.cyan : outcomeColour(style, outcome);
  const badge = paint(style.bold(style.inverse(` ${word.toUpperCase()} `)));
  const categories = body.ModerationResult?.Categories ?? [];
  const about = categories.length === 0 ? '' : `  ${paint(categories.join(', '))}`;
  const long = extras.durationS === null ? '' : style.dim(`  ${clock(extras.durationS)}`);
  return `${badge} ${style.bold(printable(extras.name))}${long}${about}`;
}

function unfinished({ Status, Code, Message, ModerationResult }: ModerationResultBody, width: number): Part[] {
  if (Status === 'Failed') return [['Reason', wrap(printable(`${Code}: ${Message}`), width)]];
  if (ModerationResult === undefined) return [['Reason', ['There is no verdict yet.']]];
  const { Suggestion, Details } = ModerationResult;
  const { Inspected, Planned } = Details.Coverage;
  const words = `${Suggestion}, by ${Inspected} of ${Planned} samples. It is partial: there is no verdict yet, and it may come out otherwise.`;
  return [
    ['So far', wrap(words, width)],
    ['Reason', Details.Reasons.flatMap((reason) => wrap(printable(reason), width))],
  ];
}

function missingPart({ notInspectedScenes }: Verdict, style: Style, width: number): Part[] {
  if (notInspectedScenes.length === 0) return [];
  const text = `${notInspectedScenes.join(', ')}: asked for, but there is no bank to compare with: framewarden bank --help`;
  return [['Not seen', wrap(text, width).map(style.yellow)]];
}

function decisionPart({ origin, reviewer, reason, recordedAt }: Revision, width: number): Part[] {
  if (origin === 'machine') return [];
  const who = reviewer === null ? origin : `${printable(reviewer)} (${origin})`;
  return [['Decided by', wrap(`${who}, ${recordedAt}${reason === null ? '' : `: ${printable(reason)}`}`, width)]];
}

function notesPart({ notes }: ReportExtras, width: number): Part[] {
  const said = notes.map(
    ({ kind, by, reason }) => `${printable(by)} (${kind})${reason === null ? '' : `: ${printable(reason)}`}`,
  );
  return part(
    'Asked by',
    said.flatMap((line) => wrap(line, width)),
  );
}

function evidencePart({ evidence, framesDir, revision, isKeeping }: ReportExtras, width: number): Part[] {
  const kept = keptWords(evidence);
  if (kept === null && framesDir === null) {
    const isAwaited = isKeeping && (revision?.verdict.blockFrames.length ?? 0) > 0;
    return isAwaited
      ? [['Evidence', wrap('is being kept; framewarden show ID tells what, --frames DIR writes it', width)]]
      : [];
  }
  const missing = evidence.some(({ kind }) => kind === 'no clip')
    ? '; no clip: ffmpeg has the encoders neither of H.264 and AAC nor of VP9 and Opus'
    : '';
  const where = framesDir === null ? '--frames DIR writes the frames' : `frames written to ${printable(framesDir)}`;
  return [['Evidence', wrap(`${kept ?? 'nothing'} kept; ${where}${missing}`, width)]];
}

/** What is kept, in words: `7 frames and 1 clip`; `null` when there is nothing. */
export function keptWords(evidence: readonly EvidenceItem[]): string | null {
  const frames = evidence.filter(({ kind }) => kind === 'frame').length;
  const clips = evidence.filter(({ kind }) => kind === 'clip').length;
  const kept = [frames > 0 ? count(frames, 'frame') : '', clips > 0 ? count(clips, 'clip') : ''].filter(Boolean);
  return kept.length === 0 ? null : kept.join(' and ');
}

function taskLines({ TaskId, ModerationResult }: ModerationResultBody, { elapsedS }: ReportExtras): string[] {
  const details = ModerationResult?.Details;
  const facts = [
    ...(details === undefined || details.Revision === 0
      ? []
      : [`revision ${details.Revision} by ${ORIGIN_WORDS[details.Origin]}`]),
    ...(elapsedS === null ? [] : [`moderated in ${duration(elapsedS)}`]),
  ];
  return [TaskId, ...(facts.length === 0 ? [] : [facts.join(', ')])];
}

const ORIGIN_WORDS = {
  machine: 'the machine',
  person: 'a person',
  deadline: 'the review deadline',
  policy: 'another policy',
  appeal: 'an appeal',
} as const satisfies Record<Revision['origin'], string>;

function nextPart({ TaskId }: ModerationResultBody, { revision, isReviewShown }: ReportExtras): Part[] {
  if (revision?.verdict.suggestion !== 'review') return [];
  const id = shortTaskId(TaskId);
  const show = isReviewShown ? [] : [`framewarden review show ${id}`];
  return [['Next', [...show, `framewarden review pass|block ${id} --reason TEXT`]]];
}
