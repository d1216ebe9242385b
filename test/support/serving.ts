import { eventually, type Command, type CommandPlace } from './cli.js';
import { immClient, type Call } from './imm-client.js';

/** What a service prints when it is ready. */
export type Ready = Record<'endpoint' | 'accessKeyId' | 'accessKeySecret' | 'project', string>;

/** A started service, what it printed when ready, and its owner's client. */
export type Serving = { command: Command; ready: Ready; call: Call };
const LINE = /^(\{"endpoint".*\})\n/m;

/** Starts one and waits until it is ready. */
export async function serving(place: CommandPlace, args: string[], env?: Record<string, string>): Promise<Serving> {
  const command = place.start(args, env);
  await command.tells(LINE);
  const ready = JSON.parse(LINE.exec(command.told)![1]!) as Ready;
  return { command, ready, call: callAs(ready.endpoint, ready) };
}

/** The client of whoever has this key. */
export function callAs(endpoint: string, key: Pick<Ready, 'accessKeyId' | 'accessKeySecret'>): Call {
  const { accessKeyId, accessKeySecret: secret } = key;
  return immClient({ endpoint, key: { accessKeyId, secret, securityToken: null } });
}

/** Ends it by SIGTERM, which it has to answer with 0 and with nothing left. */
export async function endInGrace(place: CommandPlace, { command }: Serving): Promise<string> {
  command.kill('SIGTERM');
  // Connections that clients keep open would hold it up for longer.
  await eventually(() => command.hasEnded, 'the service to end');
  const { code, stdout } = await command.ended;
  expect([code, place.programs(), place.leftFiles()]).toEqual([0, [], []]);
  return stdout;
}
