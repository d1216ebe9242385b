import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { SessionView } from '../../src/schema/console/session.js';
import { ConsoleFailure, createApi, isAborted, OfflineError } from './api.js';
import { BaseContext, type Base } from './console.js';
import { createFormats } from './formats.js';
import { chosenLanguage, formatLocale, MESSAGES } from './messages.js';
import { SignedIn } from './signed-in.js';
import { fill } from './translate.js';
import { Problem } from './ui/states.js';
import { Toasts, useToasts } from './ui/toasts.js';
import { useRoute } from './use-route.js';
import { LinkPage } from './pages/link.js';
import { SignInPage } from './pages/sign-in.js';

type Identity =
  | { state: 'unknown' }
  | { state: 'unreachable'; error: unknown }
  | { state: 'nobody' }
  | { state: 'known'; session: SessionView };

/** The console: who is signed in, and the page that the address names. */
export function App(): JSX.Element {
  const api = useMemo(createApi, []);
  const [route, go] = useRoute();
  const [identity, setIdentity] = useState<Identity>({ state: 'unknown' });
  const [isOnline, setOnline] = useState(true);
  const [toasts, toast] = useToasts();

  const known = useCallback((session: SessionView) => {
    api.csrfToken = session.csrfToken;
    setIdentity({ state: 'known', session });
  }, []);
  const changeSession = useCallback((change: (session: SessionView) => SessionView) => {
    setIdentity((before) => (before.state === 'known' ? { ...before, session: change(before.session) } : before));
  }, []);
  const ask = useCallback(() => {
    api.ask<SessionView>('GET', '/session').then(known, (error: unknown) => {
      const isNobody = error instanceof ConsoleFailure && error.code === 'SignInRequired';
      setIdentity(isNobody ? { state: 'nobody' } : { state: 'unreachable', error });
    });
  }, []);
  const forget = useCallback(() => {
    api.csrfToken = null;
    setIdentity({ state: 'nobody' });
  }, []);
  useEffect(() => {
    api.onSignedOut = forget;
    api.onReach = setOnline;
    ask();
  }, []);

  const settings = identity.state === 'known' ? identity.session.member.settings : null;
  const language = chosenLanguage(settings?.language ?? 'system', navigator.languages);
  const theme = settings?.theme ?? 'system';
  useEffect(() => {
    document.documentElement.lang = language;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [language, theme]);

  const base = useMemo((): Base => {
    const t: Base['t'] = (key, values = {}) => fill(MESSAGES[language][key], values, language);
    return {
      api,
      t,
      format: createFormats(formatLocale(language, navigator.languages)),
      language,
      route,
      toast,
      go,
      explain(error) {
        if (error instanceof OfflineError || isAborted(error)) return t('error.offline');
        if (!(error instanceof ConsoleFailure)) return t('error.InternalError');
        const text = t(`error.${error.code}`);
        return SPEAKS_FOR_ITSELF.has(error.code) ? `${text} ${error.message}` : text;
      },
    };
  }, [language, route, toast]);

  return (
    <BaseContext.Provider value={base}>
      {route.page === 'link' ? (
        <LinkPage secret={route.id} onSignedIn={known} />
      ) : identity.state === 'known' ? (
        <SignedIn
          key={identity.session.member.name}
          session={identity.session}
          changeSession={changeSession}
          isOnline={isOnline}
          onSignedOut={forget}
        />
      ) : identity.state === 'nobody' ? (
        <SignInPage onSignedIn={known} />
      ) : (
        <main class="gate">{identity.state === 'unreachable' && <Problem error={identity.error} retry={ask} />}</main>
      )}
      <Toasts toasts={toasts} />
    </BaseContext.Provider>
  );
}

/** Refusals whose reason only the service knows. */
const SPEAKS_FOR_ITSELF: ReadonlySet<string> = new Set(['InvalidRequest', 'ReviewRefused', 'SourceUnavailable']);
