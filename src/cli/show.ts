import { openStores } from '../deps.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findTask } from './find-task.js';
import { partialResult } from './partial-result.js';
import { resultText } from './present.js';
import { readResult } from './read-result.js';
import { sourceName } from './source-name.js';

/** `framewarden show ID`: the result of a task as recorded, and of one that runs what can be said by now; starts no server. */
export async function show(
  context: CommandContext,
  id: string,
  settings: { json?: boolean; explain?: boolean },
): Promise<ExitCode> {
  const stores = await openStores(context.config);
  try {
    const { request } = await findTask(stores.records, id);
    const recorded = await readResult(stores.records, request.taskId);
    const partial = recorded.Status === 'Running' ? await partialResult(context, request.taskId) : null;
    // It may have ended since, and then the whole result is recorded.
    const body = partial?.Status === 'Running' ? partial : await readResult(stores.records, request.taskId);
    const name = sourceName(request.source.uri);
    const shown = { ...settings, framesDir: null, isKeeping: false, isReviewShown: true };
    context.print(await resultText(context, name, body, stores, shown));
    return EXIT_CODES.pass;
  } finally {
    await stores.records.close();
  }
}
