import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LinkUse, LinkView, SessionView } from '../../../src/schema/console/session.js';
import { useBase } from '../console.js';
import { formText } from '../form-text.js';
import { Gate } from '../ui/gate.js';
import { Loading, Problem } from '../ui/states.js';
import { useLoad } from '../use-load.js';

/** What a one-time link is for: the first admin, an invitation, or a new password. */
export function LinkPage(props: { secret: string; onSignedIn: (session: SessionView) => void }): JSX.Element {
  const { api, t } = useBase();
  const path = `/links/${encodeURIComponent(props.secret)}`;
  const link = useLoad(path, (signal) => api.ask<LinkView>('GET', path, { signal }));
  if (link.data === null) {
    return (
      <Gate title={t('link.title')}>
        {link.error === null ? (
          <Loading rows={3} />
        ) : (
          <>
            <p class="notice notice--warning">{t('link.over')}</p>
            <a class="button button--large" href="#/sign-in">
              {t('link.toSignIn')}
            </a>
          </>
        )}
      </Gate>
    );
  }
  return (
    <Gate title={t(`link.${link.data.purpose}`)}>
      <LinkForm path={path} link={link.data} onSignedIn={props.onSignedIn} />
    </Gate>
  );
}

function LinkForm(props: { path: string; link: LinkView; onSignedIn: (session: SessionView) => void }): JSX.Element {
  const { api, t, go } = useBase();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    first.current?.focus();
  }, []);
  const { name, role } = props.link;
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const body = { name: name ?? formText(form, 'name'), password: formText(form, 'password') } satisfies LinkUse;
    setBusy(true);
    setError(null);
    try {
      const session = await api.ask<SessionView>('POST', props.path, { body });
      // The secret leaves the address before anything else is shown.
      go('queue', '', {}, true);
      props.onSignedIn(session);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <p class="dim">{t('link.role', { role: t(`role.${role}`) })}</p>
      {error !== null && <Problem error={error} />}
      <label class="field">
        <span>{t('signIn.name')}</span>
        <input
          ref={name === null ? first : null}
          name="name"
          autoComplete="username"
          required
          maxLength={64}
          // Without one the field is the browser's: what was typed stays when the page is drawn again.
          {...(name === null ? {} : { value: name, readOnly: true })}
        />
      </label>
      <div class="field">
        <label for="password">{t('link.password')}</label>
        <input
          id="password"
          ref={name === null ? null : first}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={256}
          aria-describedby="password-hint"
        />
        <span id="password-hint" class="field__hint">
          {t('link.hint')}
        </span>
      </div>
      <button type="submit" class="button button--primary button--large" disabled={isBusy}>
        {t('link.submit')}
      </button>
    </form>
  );
}
