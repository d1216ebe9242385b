import type { ModerationResultBody } from '../schema/result.js';
import type { Suggestion } from '../schema/scene.js';

/**
 * What the process ends with. Verdicts are far enough from 0–2 that no script takes one for a crash, and ascend with the harm;
 * after several videos it is that of the worst.
 */
export const EXIT_CODES = {
  /** Every video passed, or the command did what it was asked for. */
  pass: 0,
  /** Something that the other codes do not name went wrong; what Node.js itself ends with after an error that nothing caught. */
  error: 1,
  /** The command line, the environment or a policy cannot be used; nothing was started. */
  usage: 2,
  /** At least one video has to be decided by a person. */
  review: 10,
  /** At least one video is blocked. */
  block: 20,
  /** At least one video could not be moderated, or its task was cancelled. */
  failed: 30,
  /** Ctrl-C ended this command; its tasks go on when it is started again. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** How one video ended: with a verdict of this suggestion, or with none. */
export type Outcome = Suggestion | 'failed';

const FROM_WORST = ['failed', 'block', 'review'] as const satisfies readonly Outcome[];

/** How a task that has ended did end: with its latest suggestion, or `failed` when there is none. */
export function outcomeOf({ Status, ModerationResult }: ModerationResultBody): Outcome {
  return Status === 'Failed' || ModerationResult === undefined ? 'failed' : ModerationResult.Suggestion;
}

/** The exit code of the worst video: failed > block > review > pass; `pass` when there is none. */
export function worstExitCode(outcomes: readonly Outcome[]): ExitCode {
  return EXIT_CODES[FROM_WORST.find((outcome) => outcomes.includes(outcome)) ?? 'pass'];
}
