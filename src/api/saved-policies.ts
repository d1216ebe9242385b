import { errorMessage } from '../domain/error-code.js';
import type { PolicyVersion, PolicyVersionStore } from '../store/policy-versions.js';
import type { Service, ServiceSettings } from './service.js';

/** How long it may take until what another process of the service saved is in force here, in milliseconds. */
const REFRESH_MS = 10_000;

/** Policies that were saved in the console: each replaces the configured one of its project, whatever the configuration becomes. */
export interface SavedPolicies {
  /** The settings with the policies that were saved; the same object as long as nothing has changed. */
  over(settings: ServiceSettings): ServiceSettings;
  /** Number of the version in force; 0: that of the configuration. */
  versionOf(project: string): number;
  /** From now on this one is in force, unless a later one is. */
  take(version: PolicyVersion): void;
  close(): void;
}

/** Reads what was saved, and looks every few seconds for what others save. */
export async function openSavedPolicies(
  policies: Pick<PolicyVersionStore, 'latestOfAll'>,
  log: Service['log'],
): Promise<SavedPolicies> {
  const latest = new Map<string, PolicyVersion>();
  let made: { from: ServiceSettings; settings: ServiceSettings } | null = null;
  const take = (version: PolicyVersion): void => {
    if ((latest.get(version.project)?.version ?? 0) >= version.version) return;
    latest.set(version.project, version);
    made = null;
  };
  const refresh = async (): Promise<void> => {
    for (const version of await policies.latestOfAll()) take(version);
  };
  await refresh();
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => {
      log('warn', 'Saved policies could not be read; those known stay in force', { error: errorMessage(error) });
    });
  }, REFRESH_MS);
  timer.unref();
  return {
    over(from) {
      made = made?.from === from ? made : { from, settings: { ...from, projects: replaced(from.projects, latest) } };
      return made.settings;
    },
    versionOf: (project) => latest.get(project)?.version ?? 0,
    take,
    close() {
      clearInterval(timer);
    },
  };
}

function replaced(
  projects: ServiceSettings['projects'],
  latest: ReadonlyMap<string, PolicyVersion>,
): ServiceSettings['projects'] {
  return new Map(
    [...projects].map(([name, project]) => {
      const saved = latest.get(name);
      return [
        name,
        saved === undefined ? project : { ...project, policy: saved.policy, policyDigest: saved.policyDigest },
      ];
    }),
  );
}
