import { CommanderError } from 'commander';
import { readConfig } from '../config.js';
import { errorCode, errorMessage } from '../domain/error-code.js';
import type { CommandContext } from './command.js';
import { assertDataDir } from './data-dir.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import { onInterrupt } from './interrupt.js';
import { commandLine, configFlags, type Commands } from './program.js';
import { isWrongUsage } from './wrong-usage.js';

const interrupt = onInterrupt();
for (const stream of [process.stdout, process.stderr]) {
  // Whoever read it has gone, as `head` does: videos are moderated to their end all the same.
  stream.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
  });
}

/** Commands load their parts when they are called: what nobody asked for costs no start-up time. */
const commands: Commands = {
  moderate: async (files, settings) => end((await import('./moderate.js')).moderate(context(), files, settings)),
  tasks: async (options) => end((await import('./tasks.js')).listTasks(context(), options)),
  show: async (id, options) => end((await import('./show.js')).show(context(), id, options)),
  cancel: async (id) => end((await import('./cancel.js')).cancel(context(), id)),
  reviewList: async (options) => end((await import('./reviews.js')).listReviews(context(), options)),
  decide: async (suggestion, id, options) =>
    end((await import('./review.js')).decide(context(), suggestion, id, options)),
  appeal: async (id, options) => end((await import('./appeal.js')).appeal(context(), id, options)),
  pause: async (id) => end((await import('./steer.js')).pause(context(), id)),
  resume: async (id) => end((await import('./steer.js')).resume(context(), id)),
  prioritise: async (id, priority) => end((await import('./steer.js')).prioritise(context(), id, priority)),
  redecide: async (id, options) => end((await import('./redecide.js')).redecide(context(), id, options)),
  keyCreate: async (options) => end((await import('./key.js')).createKey(context(), options)),
  keyList: async (options) => end((await import('./key.js')).listKeys(context(), options)),
  keyDisable: async (id) => end((await import('./key.js')).disableKey(context(), id)),
  notificationList: async (options) => end((await import('./notifications.js')).listNotifications(context(), options)),
  notificationResend: async (ids) => end((await import('./notifications.js')).resendNotifications(context(), ids)),
  bankCreate: async (name, options) => end((await import('./bank.js')).createBank(context(), name, options)),
  bankImport: async (name, files, options) =>
    end((await import('./bank-import.js')).importBank(context(), name, files, options)),
  bankExport: async (name, options) => end((await import('./bank.js')).exportBank(context(), name, options)),
  bankList: async (options) => end((await import('./bank.js')).listBanks(context(), options)),
  bankRemove: async (name, entries) => end((await import('./bank.js')).removeBank(context(), name, entries)),
  auditHead: async () => end((await import('./audit.js')).auditHead(context())),
  auditVerify: async (options) => end((await import('./audit.js')).verifyAudit(context(), options)),
  auditExport: async (options) => end((await import('./audit.js')).exportRecord(context(), options)),
  serve: async (options) => end((await import('./serve.js')).serve(context(), options)),
  configCheck: async (file) => end((await import('./config-check.js')).configCheck(context('none'), file)),
  worker: async () => end((await import('./worker.js')).worker(context())),
};
const program = commandLine(commands);

function context(use: 'data' | 'none' = 'data'): CommandContext {
  const config = readConfig(configFlags(program));
  if (use === 'data') assertDataDir(config.dataDir);
  return {
    config,
    cwd: process.cwd(),
    say: (line) => process.stderr.write(`${line}\n`),
    print: (text) => process.stdout.write(text),
    stdout: { isTTY: process.stdout.isTTY, columns: process.stdout.columns },
    stderr: process.stderr,
    interrupt,
  };
}

async function end(code: Promise<ExitCode>): Promise<void> {
  process.exitCode = await code;
}

function exitCodeOf(error: unknown): ExitCode {
  if (interrupt.aborted) return EXIT_CODES.interrupted;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.pass : EXIT_CODES.usage;
  return isWrongUsage(error) ? EXIT_CODES.usage : EXIT_CODES.error;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  const said = interrupt.aborted || error instanceof CommanderError;
  if (!said) process.stderr.write(`framewarden: ${errorMessage(error)}\n`);
}
