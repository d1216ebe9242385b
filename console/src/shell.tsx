import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from './console.js';
import { KeyHelp } from './key-help.js';
import type { MessageKey } from './messages.js';
import { TASK_SEARCH } from './pages/tasks.js';
import { formatRoute, type Page } from './route.js';
import { Icon } from './ui/icon.js';
import { useKeys } from './use-keys.js';
import { ExposureMeter } from './exposure-meter.js';

const FOR_ALL = [
  ['queue', 'nav.queue'],
  ['tasks', 'nav.tasks'],
] as const satisfies [Page, MessageKey][];
const FOR_LEADS = [
  ['lead', 'nav.lead'],
  ['what-if', 'nav.whatIf'],
  ['audit', 'nav.audit'],
] as const satisfies [Page, MessageKey][];
const FOR_ADMINS = [['members', 'nav.members']] as const satisfies [Page, MessageKey][];

/** What is around every page: where one can go, how the queue stands, and what needs attention. */
export function Shell(props: { unanswered: number; children: ComponentChildren }): JSX.Element {
  const { t, session, counts, isOnline, route, go, takeNext, format } = useConsole();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { role, name } = session.member;
  const links = [...FOR_ALL, ...(role === 'reviewer' ? [] : FOR_LEADS), ...(role === 'admin' ? FOR_ADMINS : [])];
  const current = route.page === 'task' ? 'tasks' : route.page;
  useKeys('everywhere', {
    help: () => {
      setHelpOpen(true);
    },
    takeNext: () => void takeNext(),
    goQueue: () => {
      go('queue');
    },
    search: () => {
      const field = document.getElementById(TASK_SEARCH);
      if (field === null) go('tasks', '', { at: TASK_SEARCH });
      else field.focus();
    },
  });
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The fragment names the page here.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('shell.skip')}
      </a>
      <header class="bar">
        <a class="bar__brand" href={formatRoute('queue')} aria-label={t('app.name')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <path d="M9 23V9h14M9 16h10" />
            <circle cx="22.5" cy="22" r="2.6" />
          </svg>
          <span>framewarden</span>
        </a>
        <nav class="bar__nav" aria-label={t('shell.nav')}>
          {links.map(([page, label]) => (
            <a key={page} href={formatRoute(page)} aria-current={page === current ? 'page' : undefined}>
              {t(label)}
              {page === 'queue' && counts !== null && (
                <span class="bar__count number">{format.number(counts.waiting)}</span>
              )}
            </a>
          ))}
        </nav>
        <div class="bar__end">
          <ExposureMeter />
          <button
            type="button"
            class="button button--quiet button--icon"
            aria-label={t('keys.help')}
            title={`${t('keys.help')} (?)`}
            onClick={() => {
              setHelpOpen(true);
            }}
          >
            <span aria-hidden="true">?</span>
          </button>
          <a class="bar__me" href={formatRoute('settings')} aria-current={current === 'settings' ? 'page' : undefined}>
            <Icon name="person" />
            <span>{name}</span>
          </a>
        </div>
      </header>
      {/* Always there, so that what is added is read out. */}
      <div class="shell__state" role="status" aria-live="polite">
        {!isOnline && (
          <p class="strip strip--warning">
            <Icon name="offline" />
            {t('shell.offline')}
          </p>
        )}
        {props.unanswered > 0 && (
          <p class="strip strip--info">
            <Icon name="clock" />
            {t('shell.unanswered', { count: props.unanswered })}
          </p>
        )}
      </div>
      <main id="main" class={`main main--${route.page}`} tabIndex={-1}>
        {props.children}
      </main>
      {isHelpOpen && (
        <KeyHelp
          onClose={() => {
            setHelpOpen(false);
          }}
        />
      )}
    </div>
  );
}
