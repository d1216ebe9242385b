import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DecisionView } from '../../src/schema/console/queue.js';
import type { SessionView } from '../../src/schema/console/session.js';
import { isTemporary } from './api.js';
import { ConsoleContext, useBase, type Console } from './console.js';
import { createOutbox, type Outcome, type Outgoing } from './outbox.js';
import { UndoBar, type Undoable } from './queue/undo-bar.js';
import { Shell } from './shell.js';
import { useEvents } from './use-events.js';
import { useTaking } from './use-taking.js';
import { AuditPage } from './pages/audit.js';
import { LeadPage } from './pages/lead.js';
import { MembersPage } from './pages/members.js';
import { QueuePage } from './pages/queue.js';
import { SettingsPage } from './pages/settings.js';
import { TaskPage } from './pages/task.js';
import { TasksPage } from './pages/tasks.js';
import { WhatIfPage } from './pages/what-if.js';

type OutcomeListener = (entry: Outgoing, outcome: Outcome) => void;

/** Everything behind the sign-in: what goes on in the background, and the page. */
export function SignedIn(props: {
  session: SessionView;
  changeSession: Console['changeSession'];
  isOnline: boolean;
  onSignedOut: () => void;
}): JSX.Element {
  const base = useBase();
  const { api, toast, explain, t } = base;
  const { session, changeSession, isOnline } = props;
  const queueListeners = useRef(new Set<(taskIds: string[]) => void>());
  const outcomeListeners = useRef(new Set<OutcomeListener>());
  const [undoable, setUndoable] = useState<Undoable | null>(null);
  const [unanswered, setUnanswered] = useState(0);
  const tellQueue = (taskIds: string[]) => {
    for (const listener of queueListeners.current) listener(taskIds);
  };
  const counts = useEvents(api, tellQueue);

  // The outbox lives as long as the session; what it tells uses texts of the moment.
  const tell = useRef<OutcomeListener>(() => undefined);
  tell.current = (entry, outcome) => {
    setUnanswered(outbox.waiting().length);
    for (const listener of outcomeListeners.current) listener(entry, outcome);
    if (outcome.state === 'refused')
      toast('warning', t('outcome.refused', { task: entry.name, why: explain(outcome.error) }));
    else if (outcome.state === 'answered' && entry.kind === 'escalate')
      toast('info', t('outcome.escalated', { task: entry.name }));
    else if (outcome.state === 'answered' && entry.kind === 'decide') {
      const { name, taskId, body } = entry;
      const { decisionId, suggestion, undoMs = 0 } = body;
      if (outcome.answer.outcome !== 'accepted' || outcome.answer.step !== 'held')
        toast(suggestion, t(`outcome.${suggestion}`, { task: name }));
      else {
        const until = new Date(Date.now() + undoMs).toISOString();
        setUndoable({ suggestion, until, decisions: [{ taskId, decisionId }], name });
      }
    }
  };
  const outbox = useMemo(
    () =>
      createOutbox({
        owner: session.member.name,
        keep: sessionStorage,
        send: ({ taskId, kind, body }) =>
          api.ask<DecisionView>('POST', `/tasks/${encodeURIComponent(taskId)}/${kind}`, { body }),
        isTemporary,
        later: (ms, call) => {
          setTimeout(call, ms);
        },
        changed: (entry, outcome) => {
          tell.current(entry, outcome);
        },
      }),
    [],
  );
  useEffect(() => {
    setUnanswered(outbox.waiting().length);
    outbox.resume();
    const back = () => {
      outbox.hurry();
    };
    addEventListener('online', back);
    return () => {
      removeEventListener('online', back);
      outbox.close();
    };
  }, []);

  const { takeNext, returnTo, returns } = useTaking(base);
  const desk: Console = {
    ...base,
    session,
    changeSession,
    counts,
    isOnline,
    outbox,
    takeNext,
    offerUndo: setUndoable,
    onOutcome: useCallback((listener) => subscribe(outcomeListeners.current, listener), []),
    onQueue: useCallback((listener) => subscribe(queueListeners.current, listener), []),
  };
  return (
    <ConsoleContext.Provider value={desk}>
      <Shell unanswered={unanswered}>
        <PageOf desk={desk} returns={returns} onSignedOut={props.onSignedOut} />
        {undoable !== null && (
          <UndoBar
            key={undoable.until}
            undoable={undoable}
            returnTo={returnTo}
            onOver={() => {
              // Another decision may have been made meanwhile, with a bar of its own.
              setUndoable((shown) => (shown === undoable ? null : shown));
              // The service looks once a second: what is undone within that it tells nobody.
              tellQueue(undoable.decisions.map(({ taskId }) => taskId));
            }}
          />
        )}
      </Shell>
    </ConsoleContext.Provider>
  );
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function PageOf(props: { desk: Console; returns: number; onSignedOut: () => void }): JSX.Element {
  const { route } = props.desk;
  switch (route.page) {
    case 'task':
      return <TaskPage key={`${props.returns} ${route.id}`} taskId={route.id} />;
    case 'tasks':
      return <TasksPage />;
    case 'lead':
      return <LeadPage />;
    case 'what-if':
      return <WhatIfPage />;
    case 'audit':
      return <AuditPage />;
    case 'members':
      return <MembersPage />;
    case 'settings':
      return <SettingsPage onSignedOut={props.onSignedOut} />;
    case 'queue':
    case 'link':
    case 'sign-in':
      return <QueuePage />;
  }
}
