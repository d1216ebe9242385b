import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { PasswordChange, SessionView } from '../../../src/schema/console/session.js';
import type { MemberSettings } from '../../../src/schema/member.js';
import { useConsole } from '../console.js';
import { formText } from '../form-text.js';
import { PageHead } from '../ui/page.js';
import { Problem } from '../ui/states.js';

const CARE = ['blur', 'greyscale', 'muted'] as const;

/** One's own: how material is shown, how the page looks, the password. */
export function SettingsPage({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const { api, t, session, changeSession, toast, explain } = useConsole();
  const { settings, hasPassword } = session.member;
  // One change after the other, each with those before it: what is chosen quickly does not undo what was chosen just now.
  const accepted = useRef(settings);
  const wanted = useRef(settings);
  const turn = useRef(Promise.resolve());
  const change = (chosen: Partial<MemberSettings>) => {
    wanted.current = { ...wanted.current, ...chosen };
    const body = wanted.current;
    turn.current = turn.current
      .then(() => api.ask<SessionView>('PUT', '/me/settings', { body }))
      .then(
        (changed) => {
          accepted.current = changed.member.settings;
          changeSession(() => changed);
        },
        (error: unknown) => {
          wanted.current = accepted.current;
          toast('warning', explain(error));
        },
      );
  };
  const check = (name: (typeof CARE)[number] | 'takeNext') => (
    <label key={name} class="check">
      <input
        type="checkbox"
        checked={settings[name]}
        onChange={(event) => {
          change({ [name]: event.currentTarget.checked });
        }}
      />
      <span>
        {t(`settings.${name}`)}
        <span class="field__hint">{t(`settings.${name}Hint`)}</span>
      </span>
    </label>
  );
  return (
    <>
      <PageHead title={t('settings.title')}>
        <button
          type="button"
          class="button page-head__action"
          onClick={() => {
            api.ask('DELETE', '/session').then(onSignedOut, (error: unknown) => {
              toast('warning', explain(error));
            });
          }}
        >
          {t('settings.signOut')}
        </button>
      </PageHead>
      <div class="settings">
        <section class="panel form">
          <h2>{t('settings.care')}</h2>
          {CARE.map(check)}
        </section>
        <section class="panel form">
          <h2>{t('settings.work')}</h2>
          {check('takeNext')}
          <label class="field">
            <span>{t('settings.theme')}</span>
            <select
              value={settings.theme}
              onChange={(event) => {
                change({ theme: event.currentTarget.value as MemberSettings['theme'] });
              }}
            >
              {(['system', 'light', 'dark'] as const).map((theme) => (
                <option key={theme} value={theme}>
                  {t(`settings.theme.${theme}`)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>{t('settings.language')}</span>
            <select
              value={settings.language}
              onChange={(event) => {
                change({ language: event.currentTarget.value as MemberSettings['language'] });
              }}
            >
              <option value="system">{t('settings.language.system')}</option>
              <option value="en" lang="en">
                English
              </option>
              <option value="zh-CN" lang="zh-CN">
                简体中文
              </option>
            </select>
          </label>
        </section>
        {hasPassword && <PasswordForm />}
      </div>
    </>
  );
}

function PasswordForm(): JSX.Element {
  const { api, t, session, toast } = useConsole();
  const [error, setError] = useState<unknown>(null);
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body = { current: formText(form, 'current'), next: formText(form, 'next') } satisfies PasswordChange;
    setError(null);
    try {
      await api.ask('PUT', '/me/password', { body });
      form.reset();
      toast('info', t('settings.passwordChanged'));
    } catch (failure) {
      setError(failure);
    }
  }
  return (
    <form class="panel form" onSubmit={(event) => void submit(event)}>
      <h2>{t('settings.password')}</h2>
      {error !== null && <Problem error={error} />}
      {/* For password managers, which need to know whose it is. */}
      <input hidden name="name" autoComplete="username" value={session.member.name} readOnly />
      <label class="field">
        <span>{t('settings.currentPassword')}</span>
        <input name="current" type="password" autoComplete="current-password" required maxLength={256} />
      </label>
      <div class="field">
        <label for="new-password">{t('settings.newPassword')}</label>
        <input
          id="new-password"
          name="next"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={256}
          aria-describedby="new-hint"
        />
        <span id="new-hint" class="field__hint">
          {t('link.hint')}
        </span>
      </div>
      <div class="form__end">
        <button type="submit" class="button button--primary">
          {t('settings.changePassword')}
        </button>
      </div>
    </form>
  );
}
