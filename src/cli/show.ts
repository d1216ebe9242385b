import { openStores } from '../deps.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { findTask } from './find-task.js';
import { readResult } from './moderate-one.js';
import { resultText } from './present.js';
import { sourceName } from './source-name.js';

/** `framewarden show ID`: the result of a task as recorded; needs no server. */
export async function show(
  context: CommandContext,
  id: string,
  settings: { json?: boolean; explain?: boolean },
): Promise<ExitCode> {
  const stores = await openStores(context.config);
  try {
    const { request } = await findTask(stores.records, id);
    const body = await readResult(stores.records, request.taskId);
    const name = sourceName(request.source.uri);
    context.print(await resultText(context, name, body, stores, { ...settings, framesDir: null, isKeeping: false }));
    return EXIT_CODES.pass;
  } finally {
    await stores.records.close();
  }
}
