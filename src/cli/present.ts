import { renderExplanation, renderSight } from './render/explain.js';
import { createProgressView, type ProgressView } from './render/progress-view.js';
import { keptWords, renderReport, type Layout, type ReportExtras } from './render/report.js';
import { printable } from './render/terminal-text.js';
import { renderTotals, renderVerdictLine } from './render/verdict-lines.js';
import type { ModerationResultBody } from '../schema/result.js';
import type { Progress } from '../schema/task.js';
import type { Stores } from '../deps.js';
import type { CommandContext } from './command.js';
import type { Outcome } from './exit-codes.js';
import { factsOf } from './task-facts.js';

/** How results are shown. */
export interface Presentation {
  /** One object a line instead of reports. */
  json?: boolean;
  /** Adds what every detector said of every sample. */
  explain?: boolean;
  /** Directory for the frames that justify a verdict. */
  frames?: string;
  /** Whether those are blurred. */
  blur: boolean;
}

/** Shows how videos come along, on stderr, and what comes of them, on stdout. */
export interface Presenter {
  note: (line: string) => void;
  progress(taskId: string, name: string, progress: Progress): void;
  /** The verdict is recorded: shows it, unless frames have to be written, which are not there yet. */
  decided(taskId: string, name: string, body: ModerationResultBody, stores: Stores): Promise<void>;
  /** Evidence is kept: says so, or shows the result where that had to wait for it. */
  settled(taskId: string, name: string, body: ModerationResultBody, stores: Stores): Promise<void>;
  /** How several videos came out; of one its result says it. */
  totals(outcomes: readonly Outcome[]): void;
  stop(): void;
}

/** How wide text runs where no terminal tells. */
const DEFAULT_COLUMNS = 80;

export function createPresenter(context: CommandContext, settings: Presentation): Presenter {
  const { stderr, config } = context;
  const isTTY = stderr.isTTY;
  const colour = config.colour && isTTY;
  const view: ProgressView = createProgressView({ stream: stderr, isTTY, colour });
  async function framesOf(taskId: string, stores: Stores, directory: string): Promise<string | null> {
    const { writeFrames } = await import('./write-frames.js');
    return writeFrames(stores, taskId, directory, settings);
  }
  async function show(taskId: string, name: string, body: ModerationResultBody, stores: Stores): Promise<void> {
    const framesDir = settings.frames === undefined ? null : await framesOf(body.TaskId, stores, settings.frames);
    // Frames that were asked for are waited for.
    const isKeeping = settings.frames === undefined;
    const text = await resultText(context, name, body, stores, {
      ...settings,
      framesDir,
      isKeeping,
      isReviewShown: false,
    });
    // With reports on the same terminal a line would only repeat what they say.
    const repeats = context.stdout.isTTY && settings.json !== true;
    view.done(taskId, repeats ? undefined : renderVerdictLine(body, { name, elapsedS: elapsedS(body) }, { colour }));
    view.aside(() => {
      context.print(text);
    });
  }
  return {
    note: (line) => {
      view.log(line);
    },
    progress(taskId, name, progress) {
      view.update(taskId, { name, ...progress });
    },
    async decided(taskId, name, body, stores) {
      if (settings.frames === undefined) await show(taskId, name, body, stores);
    },
    async settled(taskId, name, body, stores) {
      if (settings.frames !== undefined) return show(taskId, name, body, stores);
      const kept = keptWords(await stores.records.evidence(body.TaskId));
      view.done(taskId, kept === null ? undefined : `${printable(name)}: ${kept} kept as evidence`);
    },
    totals(outcomes) {
      if (outcomes.length > 1) view.log(renderTotals(outcomes, { colour }));
    },
    stop() {
      view.stop();
    },
  };
}

/** The result as JSON line or as a report, with a line break at its end. */
export async function resultText(
  context: CommandContext,
  name: string,
  body: ModerationResultBody,
  stores: Stores,
  settings: Pick<Presentation, 'json' | 'explain'> & Pick<ReportExtras, 'framesDir' | 'isKeeping' | 'isReviewShown'>,
): Promise<string> {
  if (settings.json === true) return `${JSON.stringify(body)}\n`;
  const { framesDir, isKeeping, isReviewShown } = settings;
  const layout = layoutOf(context);
  const facts = await factsOf(stores, body.TaskId);
  const report = renderReport(body, { ...facts, name, framesDir, isKeeping, isReviewShown }, layout);
  if (settings.explain !== true || facts.observations.length === 0) return `${report}\n\n`;
  const { policy, detectors, taskType } = facts.task.request;
  const sight = renderSight(detectors, layout);
  const explanation = renderExplanation({ ...facts, policy, detectors, taskType }, layout);
  return `${[report, explanation, sight].filter((part) => part !== '').join('\n\n')}\n\n`;
}

function elapsedS({ StartTime, EndTime }: ModerationResultBody): number | null {
  return EndTime === undefined ? null : (Date.parse(EndTime) - Date.parse(StartTime)) / 1000;
}

/** As wide and as colourful as what stdout is; terminals without a size are told to be 0 wide. */
export function layoutOf({ config, stdout }: CommandContext): Layout {
  return {
    colour: config.colour && stdout.isTTY,
    width: stdout.isTTY && stdout.columns > 0 ? stdout.columns : DEFAULT_COLUMNS,
  };
}
