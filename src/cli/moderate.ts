import { existsSync } from 'node:fs';
import { environment, type Config } from '../config.js';
import { openStores, type Stores } from '../deps.js';
import type { DetectorFamily } from '../detectors/detector.js';
import { detectorInfos, scenesWithoutDetector } from '../detectors/registry.js';
import { ownDetectors } from '../own-models.js';
import { loadPolicy } from '../policy.js';
import type { ModerationOptions } from '../schema/options.js';
import { DEFAULT_PROJECT } from '../schema/task.js';
import { identifyFile } from '../sources/file.js';
import type { Asked } from '../task-request.js';
import type { CommandContext } from './command.js';
import type { ExitCode } from './exit-codes.js';
import { findVideos } from './inputs.js';
import type { Presentation, Presenter } from './present.js';
import { openSession } from './session.js';
import { UsageError } from './usage-error.js';

export interface ModerateSettings extends Presentation {
  options: ModerationOptions;
  /** Path of the policy; default: the default policy. */
  policy?: string;
  /** Starts new tasks, whatever is open already. */
  fresh?: boolean;
}

/**
 * `framewarden moderate FILE…`: moderates videos, presents each result as it is reached, and answers the exit code of the worst.
 * An open task for the same content, options, policy and models is gone on with; a finished one is never reused.
 */
export async function moderate(
  context: CommandContext,
  args: readonly string[],
  settings: ModerateSettings,
): Promise<ExitCode> {
  const { config, interrupt } = context;
  const paths = await findVideos(args, context.cwd);
  const asked = await askedFor(paths, settings);
  const own = await ownDetectors(config.ownModelsDir, environment());
  await refuseScenes(config, settings.options, own);
  // Until there are bars, lines need no care not to write across them.
  let note = context.say;
  const say = (line: string): void => {
    note(line);
  };
  const session = await openSession(config, say, interrupt, { scenes: settings.options.scenes });
  let presenter: Presenter | undefined;
  try {
    const compared = await comparedWith(session, settings.options, own);
    warnOfScenes(settings.options, compared, context.say);
    // What follows needs Temporal's client, which an owner has loaded while its server started, and what draws bars.
    const [{ moderateAll }, { createPresenter }] = await Promise.all([
      import('./moderate-all.js'),
      import('./present.js'),
    ]);
    presenter = createPresenter(context, settings);
    note = presenter.note;
    const tasks = asked.map((each) => ({ ...each, ...compared }));
    return await moderateAll(session, tasks, {
      fresh: settings.fresh === true,
      atOnce: config.inferenceThreads,
      presenter,
      signal: AbortSignal.any([interrupt, session.failed]),
    });
  } catch (error) {
    if (!interrupt.aborted) session.failed.throwIfAborted();
    throw error;
  } finally {
    presenter?.stop();
    if (interrupt.aborted) say('Stopping. What is unfinished stays open: the same command goes on with it.');
    await session.close();
  }
}

/** Where every scene needs a bank, there has to be one before anything is started. */
async function refuseScenes(config: Config, options: ModerationOptions, own: readonly DetectorFamily[]): Promise<void> {
  const { scenes } = options;
  const alone = { detectors: await detectorInfos(scenes, [], undefined, own), banks: [] };
  if (scenesWithoutDetector(scenes, alone.detectors).length < scenes.length) return;
  const isNew = config.databaseUrl === null && !existsSync(config.dataDir);
  const stores = isNew ? null : await openStores(config);
  try {
    warnOfScenes(options, stores === null ? alone : await comparedWith(stores, options, own), () => undefined);
  } finally {
    await stores?.records.close();
  }
}

function warnOfScenes({ scenes }: ModerationOptions, { detectors }: Compared, note: (line: string) => void): void {
  const missing = scenesWithoutDetector(scenes, detectors);
  if (missing.length === scenes.length) {
    throw new UsageError(
      `Expected at least one scene that can be looked for, got ${scenes.join(', ')}: load what they are compared with (framewarden bank --help).`,
    );
  }
  if (missing.length > 0)
    note(`Not inspected, for want of a bank to compare with: ${missing.join(', ')} (framewarden bank --help).`);
}

type Compared = Pick<Asked, 'detectors'> & Required<Pick<Asked, 'banks'>>;

/** Who looks, and with what it is compared: the banks as they are now. The store is open by then, whose libraries load while the server starts. */
async function comparedWith(
  { banks }: Stores,
  { scenes }: ModerationOptions,
  own: readonly DetectorFamily[],
): Promise<Compared> {
  const current = await banks.current(DEFAULT_PROJECT, scenes);
  return { detectors: await detectorInfos(scenes, current, undefined, own), banks: current };
}

type AskedHere = Omit<Asked, 'mediaQueue' | keyof Compared>;

/** All that can be wrong with files and policy shows here, before anything is started. */
async function askedFor(paths: readonly string[], { options, policy }: ModerateSettings): Promise<AskedHere[]> {
  const [loaded, sources] = await Promise.all([
    loadPolicy(policy),
    Promise.all(paths.map(async (path) => ({ ...(await identifyFile(path)), anyFile: true as const }))),
  ]);
  return sources.map((source) => ({ ...loaded, source, options }));
}
