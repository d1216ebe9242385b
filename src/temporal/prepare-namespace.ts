import type { Client } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { errorMessage } from '../domain/error-code.js';
import { SEARCH_ATTRIBUTES } from './search-attributes.js';

/** Thrown when the namespace lacks search attributes and they may not be added. */
export class SearchAttributesMissingError extends Error {
  override name = 'SearchAttributesMissingError' as const;

  constructor(
    readonly namespace: string,
    readonly missing: readonly string[],
    options: ErrorOptions,
  ) {
    const commands = missing.map(
      (name) => `  temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`,
    );
    super(
      `The namespace ${namespace} lacks search attributes and they could not be added (${errorMessage(options.cause)}). ` +
        `Have them added by somebody who may, on Temporal Cloud in the namespace's settings:\n${commands.join('\n')}`,
      options,
    );
  }
}

/** As the server's API numbers the type that all our search attributes have. */
const KEYWORD = 2;

/** gRPC's code for what is there already. */
const ALREADY_EXISTS = 6;

/**
 * Adds the search attributes that tasks are found by to the client's namespace, where they are missing.
 * @throws {SearchAttributesMissingError}
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { operatorService } = client.connection;
  const all = SEARCH_ATTRIBUTES.map(({ name }) => name);
  let missing = all;
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    missing = all.filter((name) => customAttributes[name] === undefined);
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (cause) {
    // Another installation on the same cluster was quicker.
    if ((cause as { code?: unknown }).code === ALREADY_EXISTS) return;
    throw new SearchAttributesMissingError(namespace, missing, { cause });
  }
}

/** Has the client's namespace keep what has ended for at least this time (milliseconds). */
export async function ensureRetention(client: Client, retentionMs: number): Promise<void> {
  const { namespace } = client.options;
  const { config } = await client.workflowService.describeNamespace({ namespace });
  if (tsToMs(config?.workflowExecutionRetentionTtl) >= retentionMs) return;
  await client.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retentionMs) },
  });
}
