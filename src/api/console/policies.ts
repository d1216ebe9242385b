import type { FastifyInstance, FastifyReply } from 'fastify';
import { digestOf } from '../../digest.js';
import {
  PolicyFilter,
  PolicySave,
  WhatIf as WhatIfRequest,
  type PolicySaved,
  type PolicyView,
  type WhatIfView,
} from '../../schema/console/lead.js';
import { DEFAULT_PROJECT } from '../../schema/task.js';
import { PolicyChangedError } from '../../store/policy-versions.js';
import { WhatIf, type Redecided } from '../../store/what-if.js';
import type { Project } from '../service.js';
import { applyPolicy } from './apply-policy.js';
import { enterProject, signedIn } from './guard.js';
import { newestOfCommands } from './newest-of-commands.js';
import { ConsoleProblem } from './problem.js';
import { read } from './read.js';
import type { ConsoleService } from './service.js';
import { tell } from './tell.js';

/** Tasks that are named of each change. */
const MOST_EXAMPLES = 5;

/** Policies of projects: what is in force, what another one would change, and saving it. */
export function policies(app: FastifyInstance, console: ConsoleService): void {
  const whatIf = new WhatIf(console);
  const access = { config: { access: 'lead' } } as const;

  app.get('/lead/policy', access, async (request): Promise<PolicyView> => {
    const { project: name } = read(PolicyFilter, request.query);
    enterProject(request, name);
    const { isSavable, policy, policyDigest } = await policyOf(console, name);
    const versions = await console.records.policies.list(name);
    // Somebody is about to move a threshold: what it takes to answer is read by then.
    whatIf.decide(name, policy).catch(() => undefined);
    return {
      project: name,
      version: console.savedPolicies.versionOf(name),
      isSavable,
      policy,
      policyDigest,
      versions: versions.map(({ version, policyDigest: digest, savedBy, savedAt, note }) => ({
        version,
        policyDigest: digest,
        savedBy,
        savedAt,
        note,
      })),
    };
  });

  app.post('/lead/what-if', access, async (request, reply): Promise<WhatIfView> => {
    const begunAt = performance.now();
    const { project, policy } = read(WhatIfRequest, request.body);
    enterProject(request, project);
    const { redecided, hasOlder, ...left } = await whatIf.decide(project, policy, untilGone(reply));
    const tookMs = performance.now() - begunAt;
    return { tasks: redecided.length, left, hasOlder, changes: changesOf(redecided), tookMs };
  });

  app.post('/lead/policy', access, async (request): Promise<PolicySaved> => {
    const { project, policy, after, note, apply } = read(PolicySave, request.body);
    enterProject(request, project);
    projectNamed(console, project);
    const { name: actor } = signedIn(request).member;
    const policyDigest = digestOf(policy);
    const version = { project, policy, policyDigest, savedBy: actor, savedAt: new Date().toISOString(), note };
    const saved = await console.records.policies.save(version, after).catch((error: unknown) => {
      if (error instanceof PolicyChangedError) throw new ConsoleProblem('PolicyChanged', error.message);
      throw error;
    });
    console.savedPolicies.take(saved);
    const detail = { version: saved.version, policyDigest };
    await tell(console, request, { kind: 'policy-saved', actor, project, detail });
    if (!apply) return { ...detail, applied: 0, failed: 0 };
    const { redecided } = await whatIf.decide(project, policy);
    const outcome = await applyPolicy(console, saved, redecided);
    await tell(console, request, { kind: 'policy-applied', actor, project, detail: { ...detail, ...outcome } });
    return { ...detail, ...outcome };
  });
}

/**
 * The policy that thresholds are moved from. No version can be saved for commands: they decide by the file that they are given.
 * @throws {ConsoleProblem} NotFound
 */
async function policyOf(
  console: ConsoleService,
  name: string,
): Promise<Pick<PolicyView, 'isSavable' | 'policy' | 'policyDigest'>> {
  const isOfCommands = name === DEFAULT_PROJECT && !console.settings().projects.has(name);
  const [newest] = isOfCommands ? await newestOfCommands(console) : [];
  if (newest !== undefined) return { isSavable: false, ...newest };
  const { policy, policyDigest } = projectNamed(console, name);
  return { isSavable: true, policy, policyDigest };
}

function projectNamed({ settings }: Pick<ConsoleService, 'settings'>, name: string): Project {
  const project = settings().projects.get(name);
  if (project === undefined) throw new ConsoleProblem('NotFound', 'There is no such project.');
  return project;
}

function changesOf(redecided: readonly Redecided[]): WhatIfView['changes'] {
  const changes = new Map<string, WhatIfView['changes'][number]>();
  for (const { taskId, suggestion: from, to } of redecided) {
    const key = `${from} ${to}`;
    const change = changes.get(key) ?? { from, to, count: 0, examples: [] };
    change.count++;
    if (change.examples.length < MOST_EXAMPLES) change.examples.push(taskId);
    changes.set(key, change);
  }
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

/** Is aborted when nobody waits for the answer any more: whoever moves a threshold asks again and again. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  return gone.signal;
}
