import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Starts a Postgres server of its own, empty; it ends when told, or with this process. */
export async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const program = spawn(process.execPath, ['scripts/postgres-server.mjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(program, 'close');
  const printed = once(program.stdout, 'data').then(([text]) => String(text).trim());
  const url = await Promise.race([printed, ended.then(() => '')]);
  if (url === '') throw new Error('Postgres did not start, see above.');
  return {
    url,
    async stop() {
      program.stdin.end();
      await ended;
    },
  };
}
