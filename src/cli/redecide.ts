import { nanoid } from 'nanoid';
import { openStores } from '../deps.js';
import { loadPolicy } from '../policy.js';
import type { Verdict } from '../schema/verdict.js';
import { redecide as decideAgain } from '../store/redecide.js';
import { throughOutages } from '../temporal/outages.js';
import { applyPolicyTo } from '../temporal/apply-policy.js';
import { ReviewRefusedError } from '../temporal/reviews.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findDecidable } from './review.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

export interface RedecideOptions {
  /** Path of the policy to decide by; default: the default policy. */
  policy?: string;
  /** Records the verdict as the next revision. */
  apply?: boolean;
}

/** `framewarden redecide TASK --policy FILE`: what another policy makes of a task, from the observations kept, and how that differs. */
export async function redecide(context: CommandContext, id: string, options: RedecideOptions): Promise<ExitCode> {
  const { config, print } = context;
  const loaded = await loadPolicy(options.policy);
  const stores = await openStores(config);
  try {
    const { task, revision } = await findDecidable(stores.records, id);
    const { taskId } = task.request;
    const verdict = await decideAgain(stores, taskId, loaded);
    print(`${taskId}\n${difference(revision.verdict, verdict)}`);
    if (options.apply !== true) return EXIT_CODES.pass;
    if (revision.origin === 'person' || revision.origin === 'appeal') {
      throw new UsageError(
        `Revision ${revision.revision} of ${taskId} is ${revision.reviewer ?? 'a person'}'s decision: no policy supersedes it.`,
      );
    }
    const session = await openSession(config, context.say, context.interrupt);
    try {
      const application = { decisionId: `cli-${nanoid()}`, ...loaded };
      const recorded = await throughOutages(
        () => applyPolicyTo(session.tasks(), task, revision, application),
        context.interrupt,
      );
      print(`Recorded as revision ${recorded.revision}: ${recorded.suggestion}.\n`);
    } catch (error) {
      if (!(error instanceof ReviewRefusedError)) throw error;
      throw new UsageError(`${taskId}: ${error.message}`, { cause: error });
    } finally {
      await session.close();
    }
    return EXIT_CODES.pass;
  } finally {
    await stores.records.close();
  }
}

/** Before and after, line by line; what stays the same is said once. */
export function difference(before: Verdict, after: Verdict): string {
  const rows: [string, string, string][] = [
    ['suggestion', before.suggestion, after.suggestion],
    ['categories', before.categories.join(', ') || 'none', after.categories.join(', ') || 'none'],
    ['frames', String(before.blockFrames.length), String(after.blockFrames.length)],
    ['policy', before.policyDigest.slice(0, 12), after.policyDigest.slice(0, 12)],
  ];
  const lines = rows.map(([what, was, is]) => `  ${what.padEnd(12)}${was === is ? is : `${was} → ${is}`}`);
  return [...lines, ...after.reasons.map((reason) => `  ${reason}`), ''].join('\n');
}
