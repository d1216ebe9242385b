import { newAccessKey } from '../auth/new-access-key.js';
import { secretBox } from '../auth/secret-box.js';
import { secretKey } from '../auth/secret-key.js';
import { openKeyList, openKeys } from '../deps.js';
import type { CommandContext } from './command.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { layoutOf } from './present.js';
import { renderKeys } from './render/key-table.js';
import { UsageError } from './usage-error.js';

export interface KeyOptions {
  /** Absent: the account's owner. */
  user?: string;
  account: string;
  /** Make a security token, too. */
  sts?: boolean;
  json?: boolean;
}

/** As the configuration of a service has them. */
const ACCOUNT_ID = /^\d{1,32}$/;
const USER_NAME = /^[\w.@-]{1,64}$/;

/** `framewarden key create`: the only time that the secret is seen; a service that runs takes the key at once. */
export async function createKey(context: CommandContext, options: KeyOptions): Promise<ExitCode> {
  const { account, user = null, sts = false, json = false } = options;
  if (!ACCOUNT_ID.test(account))
    throw new UsageError(`--account: expected 1-32 digits, got ${JSON.stringify(account)}.`);
  if (user !== null && !USER_NAME.test(user))
    throw new UsageError(`--user: expected 1-64 letters, digits, ., @, - and _, got ${JSON.stringify(user)}.`);
  const { config, print, say } = context;
  const secret = await secretKey({ configured: config.secretKey, dataDir: config.dataDir, fallback: 'existing' });
  const keys = await openKeys(config, secretBox(secret));
  try {
    const key = newAccessKey({ accountId: account, userName: user, temporary: sts }, Date.now());
    await keys.create(key);
    const { accessKeyId, secret: accessKeySecret, securityToken } = key;
    const shown = { accessKeyId, accessKeySecret, ...(securityToken === null ? {} : { securityToken }) };
    if (json) print(`${JSON.stringify(shown)}\n`);
    else for (const [name, value] of Object.entries(shown)) print(`${name.padEnd(16)}${value}\n`);
    say('The secret is not shown again: keep it now.');
  } finally {
    await keys.close();
  }
  return EXIT_CODES.pass;
}

/** `framewarden key list`: needs no secret key, since no secret is shown. */
export async function listKeys(context: CommandContext, { json = false }: { json?: boolean }): Promise<ExitCode> {
  const keys = await openKeyList(context.config);
  try {
    const listed = await keys.list();
    if (json) for (const key of listed) context.print(`${JSON.stringify(key)}\n`);
    else context.print(`${renderKeys(listed, layoutOf(context))}\n`);
  } finally {
    await keys.close();
  }
  return EXIT_CODES.pass;
}

/** `framewarden key disable`: a service that runs refuses it within a second. */
export async function disableKey({ config, say }: CommandContext, accessKeyId: string): Promise<ExitCode> {
  const keys = await openKeyList(config);
  try {
    if (!(await keys.disable(accessKeyId)))
      throw new UsageError(
        `There is no access key ${JSON.stringify(accessKeyId)}: framewarden key list shows what there is.`,
      );
  } finally {
    await keys.close();
  }
  say(`Access key ${accessKeyId} is refused from now on.`);
  return EXIT_CODES.pass;
}
