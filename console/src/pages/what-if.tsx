import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PolicyView, WhatIf, WhatIfView } from '../../../src/schema/console/lead.js';
import type { Policy } from '../../../src/schema/policy.js';
import { SCENES } from '../../../src/schema/scene.js';
import { useConsole } from '../console.js';
import { ChangedList } from '../lead/changed-list.js';
import { changedThresholds, withThreshold } from '../lead/edit-policy.js';
import { SavePolicy } from '../lead/save-policy.js';
import { Threshold } from '../lead/threshold.js';
import { WhatIfResult } from '../lead/what-if-result.js';
import { PageHead } from '../ui/page.js';
import { Empty, Loading, Problem } from '../ui/states.js';
import { Instant } from '../ui/time.js';
import { useLoad } from '../use-load.js';

/** Changes that follow each other quickly are tried as one. */
const SETTLE_MS = 250;

/** What another threshold would make of the stored tasks, before it is saved. */
export function WhatIfPage(): JSX.Element {
  const { api, t, session, route, go } = useConsole();
  const { projects } = session;
  const project = route.query['project'] ?? projects[0]?.name ?? '';
  const policy = useLoad(project, (signal) =>
    api.ask<PolicyView>('GET', '/lead/policy', { query: { project }, signal }),
  );
  return (
    <>
      <PageHead title={t('whatIf.title')}>
        <p class="page-head__facts">
          {policy.data !== null && (
            <span>
              {policy.data.version > 0
                ? t('whatIf.version', { version: policy.data.version })
                : t(policy.data.isSavable ? 'whatIf.configured' : 'whatIf.newestTask')}
            </span>
          )}
        </p>
        <label class="choice page-head__action">
          <span class="visually-hidden">{t('queue.project')}</span>
          <select
            value={project}
            onChange={(event) => {
              go('what-if', '', { project: event.currentTarget.value }, true);
            }}
          >
            {projects.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </PageHead>
      {policy.error !== null && <Problem error={policy.error} retry={policy.reload} />}
      {policy.data === null || policy.data.project !== project ? (
        policy.error === null && <Loading rows={10} />
      ) : (
        <Trial key={`${project} ${policy.data.version}`} view={policy.data} reload={policy.reload} />
      )}
    </>
  );
}

function Trial({ view, reload }: { view: PolicyView; reload: () => void }): JSX.Element {
  const { api, t, toast } = useConsole();
  const [policy, setPolicy] = useState<Policy>(view.policy);
  const [settled, setSettled] = useState<Policy>(view.policy);
  const [isSaving, setSaving] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(policy);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [policy]);
  const body = { project: view.project, policy: settled } satisfies WhatIf;
  const trial = useLoad(JSON.stringify(body), (signal) =>
    api.ask<WhatIfView>('POST', '/lead/what-if', { body, signal }),
  );
  const scenes = SCENES.filter((scene) => policy.scenes[scene] !== undefined);
  const changed = changedThresholds(view.policy, policy);
  return (
    <div class="what-if">
      <div class="what-if__rules">
        {scenes.map((scene) => (
          <section key={scene} class="panel rules" aria-label={t(`scene.${scene}`)}>
            <h2>{t(`scene.${scene}`)}</h2>
            {Object.entries(policy.scenes[scene]?.detectors ?? {}).map(([detector, rule]) => (
              <div key={detector} class="rules__detector" role="group" aria-label={detector}>
                <h3>{detector}</h3>
                <div class="rules__sliders">
                  {(['review', 'block'] as const).map((name) => {
                    const value = rule[name];
                    if (value === undefined) return null;
                    return (
                      <Threshold
                        key={name}
                        name={name}
                        label={`${t(`scene.${scene}`)} ${detector} ${t(`whatIf.${name}`)}`}
                        value={value}
                        was={view.policy.scenes[scene]?.detectors[detector]?.[name] ?? null}
                        onChange={(next) => {
                          setPolicy((before) => withThreshold(before, scene, detector, name, next));
                        }}
                      />
                    );
                  })}
                </div>
              </div>
            ))}
          </section>
        ))}
        {scenes.length === 0 && <Empty icon="check" title={t('whatIf.noRules')} />}
      </div>
      <aside class="what-if__side">
        <section class="panel" aria-label={t('whatIf.result')}>
          <h2>{t('whatIf.result')}</h2>
          {trial.error !== null && <Problem error={trial.error} retry={trial.reload} />}
          {trial.data === null ? (
            trial.error === null && <Loading rows={5} />
          ) : (
            <WhatIfResult view={trial.data} isLoading={trial.isLoading} />
          )}
          <div class="form__end">
            <button
              type="button"
              class="button"
              disabled={changed.length === 0}
              onClick={() => {
                setPolicy(view.policy);
              }}
            >
              {t('whatIf.reset')}
            </button>
            {view.isSavable && (
              <button
                type="button"
                class="button button--primary"
                disabled={changed.length === 0}
                onClick={() => {
                  setSaving(true);
                }}
              >
                {t('whatIf.save')}
              </button>
            )}
          </div>
        </section>
        {view.isSavable ? <Versions view={view} /> : <ForCommands before={view.policy} policy={policy} />}
      </aside>
      {isSaving && (
        <SavePolicy
          project={view.project}
          before={view.policy}
          policy={policy}
          after={view.version}
          onSaved={({ version, applied, failed }) => {
            setSaving(false);
            toast(failed > 0 ? 'warning' : 'info', t('whatIf.saved', { version, applied, failed }));
            reload();
          }}
          onClose={() => {
            setSaving(false);
          }}
        />
      )}
    </div>
  );
}

/** Why nothing can be saved for commands, and what to write into their file instead. */
function ForCommands({ before, policy }: { before: Policy; policy: Policy }): JSX.Element {
  const { t } = useConsole();
  return (
    <section class="panel" aria-label={t('whatIf.forCommands')}>
      <h2>{t('whatIf.forCommands')}</h2>
      <p class="dim">{t('whatIf.notSavable')}</p>
      {changedThresholds(before, policy).length > 0 && <ChangedList before={before} policy={policy} />}
    </section>
  );
}

function Versions({ view }: { view: PolicyView }): JSX.Element {
  const { t } = useConsole();
  return (
    <section class="panel" aria-label={t('whatIf.versions')}>
      <h2>{t('whatIf.versions')}</h2>
      {view.versions.length === 0 ? (
        <p class="dim">{t('whatIf.noVersions')}</p>
      ) : (
        <ol class="versions">
          {view.versions.map(({ version, savedBy, savedAt, note, policyDigest }) => (
            <li key={version}>
              <span class="strong number">{version}</span>
              <div>
                <span>{savedBy}</span>{' '}
                <span class="dim">
                  <Instant iso={savedAt} />
                </span>
                {note !== null && <p>{note}</p>}
                <code class="dim">{policyDigest.slice(0, 12)}</code>
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
