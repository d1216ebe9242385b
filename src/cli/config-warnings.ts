import { stat } from 'node:fs/promises';
import { OPERATION_NAMES } from '../api/imm/operation-names.js';
import { fitsWildcard } from '../auth/ram/wildcard.js';
import type { ServiceConfig } from '../schema/service-config.js';

/** What can be used as it is and yet is hardly meant: directories that are not there, and actions that no operation of ours has. A sentence each. */
export async function configWarnings({ accounts, sources }: ServiceConfig): Promise<string[]> {
  const directories = [
    ...sources.buckets.map(({ directory }, at) => [`sources.buckets.${at}.directory`, directory] as const),
    ...sources.fileRoots.map((directory, at) => [`sources.fileRoots.${at}`, directory] as const),
  ];
  const missing = await Promise.all(
    directories.map(async ([where, directory]) =>
      directory === undefined || (await isDirectory(directory))
        ? []
        : [`${where}: expected a directory that is there, got ${JSON.stringify(directory)}, where there is none now.`],
    ),
  );
  const unknown = accounts.flatMap(({ users }, account) =>
    users.flatMap(({ policies }, user) =>
      policies.flatMap(({ Statement }, policy) =>
        Statement.flatMap(({ Action, NotAction }, statement) =>
          [...(Action ?? []), ...(NotAction ?? [])]
            .filter((action) => !isOfUse(action))
            .map(
              (action) =>
                `accounts.${account}.users.${user}.policies.${policy}.Statement.${statement}: expected actions of this service ` +
                `(${OPERATION_NAMES.join(', ')}), got ${JSON.stringify(action)}, which is none.`,
            ),
        ),
      ),
    ),
  );
  return [...missing.flat(), ...unknown];
}

/** Whether an action is one of ours, or of another service, whose policies may be shared with it. */
function isOfUse(action: string): boolean {
  const pattern = action.toLowerCase();
  if (!pattern.startsWith('imm:')) return true;
  return OPERATION_NAMES.some((name) => fitsWildcard(pattern, `imm:${name.toLowerCase()}`));
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
