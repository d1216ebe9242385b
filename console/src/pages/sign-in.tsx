import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { SessionView, SignIn, SignInWays } from '../../../src/schema/console/session.js';
import { ConsoleFailure } from '../api.js';
import { useBase } from '../console.js';
import { formText } from '../form-text.js';
import { Gate } from '../ui/gate.js';
import { Problem } from '../ui/states.js';
import { useLoad } from '../use-load.js';

/** Signing in, with a password or through the company's provider. */
export function SignInPage({ onSignedIn }: { onSignedIn: (session: SessionView) => void }): JSX.Element {
  const { api, t, route } = useBase();
  const ways = useLoad('ways', (signal) => api.ask<SignInWays>('GET', '/session/ways', { signal }));
  // The provider's way ends here when it fails.
  const [error, setError] = useState<unknown>(() => refusalOf(route.page === 'sign-in' ? route.id : ''));
  const [isBusy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    first.current?.focus();
  }, []);
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const body = { name: formText(form, 'name'), password: formText(form, 'password') } satisfies SignIn;
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await api.ask<SessionView>('POST', '/session', { body }));
    } catch (failure) {
      setError(failure);
      setBusy(false);
      first.current?.focus();
    }
  }
  return (
    <Gate title={t('signIn.title')}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        {error !== null && <Problem error={error} />}
        <label class="field">
          <span>{t('signIn.name')}</span>
          <input ref={first} name="name" autoComplete="username" required maxLength={64} />
        </label>
        <label class="field">
          <span>{t('signIn.password')}</span>
          <input name="password" type="password" autoComplete="current-password" required maxLength={256} />
        </label>
        <button type="submit" class="button button--primary button--large" disabled={isBusy}>
          {t('signIn.submit')}
        </button>
      </form>
      {ways.data !== null && ways.data.provider !== null && (
        <>
          <p class="gate__or">{t('signIn.or')}</p>
          <a class="button button--large" href="/review/oidc/start">
            {t('signIn.provider', { provider: ways.data.provider })}
          </a>
        </>
      )}
    </Gate>
  );
}

const CODES = ['SignInRefused', 'Forbidden', 'TooManyAttempts', 'InternalError'] as const;

/** A refusal that the address names; one that is not known counts as a plain one. */
function refusalOf(code: string): ConsoleFailure | null {
  if (code === '') return null;
  return new ConsoleFailure(CODES.find((each) => each === code) ?? 'SignInRefused', code, 403);
}
