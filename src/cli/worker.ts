import { createWorkerDeps, openStores } from '../deps.js';
import { installationId } from '../owner/installation.js';
import { endLeftovers } from '../owner/owner.js';
import { queuesOf } from '../temporal/queues.js';
import { startWorkers } from '../worker.js';
import { provideFfmpeg } from '../setup/provide-ffmpeg.js';
import { aborted } from './aborted.js';
import type { CommandContext } from './command.js';
import { everyStep } from './every-step.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { UsageError } from './usage-error.js';

/**
 * `framewarden worker`: works for this installation's tasks at the cluster of TEMPORAL_ADDRESS until it is interrupted; several may run.
 */
export async function worker({ config, say, interrupt }: CommandContext): Promise<ExitCode> {
  if (config.temporal === null) {
    throw new UsageError(
      'Expected TEMPORAL_ADDRESS to name the cluster to work for, for example TEMPORAL_ADDRESS=127.0.0.1:7233.',
    );
  }
  endLeftovers(config.dataDir, say);
  const stores = await openStores(config);
  const deps = await createWorkerDeps({ ...config, ...(await provideFfmpeg({ ...config, say })) }, stores);
  try {
    const queues = queuesOf(await installationId(config.dataDir));
    const workers = await startWorkers({
      target: config.temporal,
      queues,
      forService: false,
      meter: null,
      deps,
      slots: config.inferenceThreads,
      logLevel: config.logLevel,
      log: say,
      signal: interrupt,
    });
    say(`Working on ${queues.moderation} and ${queues.media} at ${config.temporal.address}. Ctrl-C ends it.`);
    await Promise.race([workers.ended, aborted(interrupt)]).finally(() => workers.stop());
    await workers.ended;
    return EXIT_CODES.pass;
  } finally {
    await everyStep([() => deps.close(), () => stores.records.close()]);
  }
}
