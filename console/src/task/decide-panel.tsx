import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { UNDO_MS } from '../../../src/schema/console/undo-time.js';
import type { AppealUse, TaskView } from '../../../src/schema/console/task.js';
import type { ReviewView } from '../../../src/schema/review.js';
import { useConsole } from '../console.js';
import { newId } from '../new-id.js';
import { sourceName } from '../source-name.js';
import { Icon } from '../ui/icon.js';
import { Until } from '../ui/time.js';
import { Key, Word } from '../ui/words.js';
import { useKeys } from '../use-keys.js';
import { DecideForm } from './decide-form.js';
import { decisionOf, type Draft, type Word as Said } from './draft.js';
import { ReasonDialog } from './reason-dialog.js';
import type { Lease } from './use-lease.js';
import type { Playback } from './use-playback.js';

type Sent = 'no' | 'flying' | 'pending' | 'done';

/** What a member can do about the review of a task: take it, decide it, hand it on. */
export function DecidePanel(props: {
  view: TaskView;
  playback: Playback;
  lease: Lease;
  reload: () => void;
}): JSX.Element {
  const { t, api, session, outbox, onOutcome, takeNext, toast, explain, go } = useConsole();
  const { view, playback, lease, reload } = props;
  const { review, may, taskId } = view;
  const name = sourceName(view.uri);
  const isWaiting = () => outbox.waiting().some((entry) => entry.taskId === taskId);
  const [sent, setSent] = useState<Sent>(() => (isWaiting() ? 'pending' : 'no'));
  const [asks, setAsks] = useState<'escalate' | 'appeal' | null>(null);

  useEffect(
    () =>
      onOutcome((entry, outcome) => {
        if (entry.taskId !== taskId) return;
        if (outcome.state === 'refused') {
          setSent('no');
          reload();
        } else if (outcome.state === 'pending') setSent('pending');
        else {
          setSent('done');
          if (session.member.settings.takeNext) void takeNext();
          else reload();
        }
      }),
    [taskId, session.member.settings.takeNext, takeNext],
  );
  const decide = (draft: Draft & { suggestion: Said }) => {
    setSent('flying');
    const claimId = lease.claim?.claimId ?? null;
    const body = { ...decisionOf(draft, newId(), claimId, view.disputed), undoMs: UNDO_MS };
    void outbox.post({ taskId, name, kind: 'decide', body });
  };
  const escalate = (reason: string | null) => {
    setSent('flying');
    const claim = lease.claim === null ? {} : { claimId: lease.claim.claimId };
    void outbox.post({ taskId, name, kind: 'escalate', body: { escalationId: newId(), reason, ...claim } });
  };
  const appeal = (reason: string | null) => {
    const body = { appealId: newId(), reason } satisfies AppealUse;
    api.ask<ReviewView>('POST', `/tasks/${encodeURIComponent(taskId)}/appeal`, { body }).then(
      () => {
        toast('info', t('appeal.opened'));
        setSent('no');
        reload();
      },
      (error: unknown) => {
        toast('warning', explain(error));
      },
    );
  };
  const release = async () => {
    if (await lease.release()) go('queue');
  };
  const isOpen = review.step === 'waiting' || review.step === 'claimed';
  const canAct = isOpen && sent !== 'pending' && sent !== 'done';
  useKeys('task', {
    claim: () => {
      if (canAct && may.claim && lease.claim === null) void lease.take();
    },
    escalate: () => {
      if (canAct && may.escalate) setAsks('escalate');
    },
    release: () => {
      if (canAct && lease.claim !== null) void release();
    },
  });
  const suggestion = view.result.ModerationResult?.Suggestion;
  return (
    <aside class="panel decide-panel" aria-label={t('decide.title')}>
      <header class="decide-panel__head">
        <h2>{t('decide.title')}</h2>
        {suggestion !== undefined && <Word word={suggestion} />}
      </header>
      {view.review.notes?.map(({ kind, by, reason }, index) => (
        <blockquote key={index} class="said">
          <p>{reason ?? t('note.none')}</p>
          <footer class="dim">{t(`note.${kind}`, { by })}</footer>
        </blockquote>
      ))}
      {sent === 'pending' ? (
        <div class="notice notice--warning" role="status">
          <Icon name="clock" />
          <p>{t('decide.pending')}</p>
          <button type="button" class="button button--small" onClick={() => void takeNext()}>
            {t('queue.takeNext')} <Key>N</Key>
          </button>
        </div>
      ) : sent === 'done' ? (
        <div class="notice notice--pass" role="status">
          <Icon name="check" />
          <p>{t('decide.recorded')}</p>
          <button type="button" class="button button--small" onClick={() => void takeNext()}>
            {t('queue.takeNext')} <Key>N</Key>
          </button>
        </div>
      ) : (
        <ReviewState view={view} lease={lease} />
      )}
      {canAct && may.decide && (lease.claim !== null || review.claim === null) && (
        <DecideForm view={view} playback={playback} isBusy={sent === 'flying'} onDecide={decide} />
      )}
      <footer class="decide-panel__foot">
        {canAct && may.escalate && (
          <button
            type="button"
            class="button button--small"
            onClick={() => {
              setAsks('escalate');
            }}
          >
            <Icon name="up" />
            {t('escalate.action')} <Key>E</Key>
          </button>
        )}
        {canAct && lease.claim !== null && (
          <button type="button" class="button button--small" disabled={lease.isBusy} onClick={() => void release()}>
            {t('lease.release')} <Key>R</Key>
          </button>
        )}
        {may.appeal && (
          <button
            type="button"
            class="button button--small"
            onClick={() => {
              setAsks('appeal');
            }}
          >
            {t('appeal.action')}
          </button>
        )}
      </footer>
      {asks !== null && (
        <ReasonDialog
          title={t(`${asks}.title`)}
          text={t(`${asks}.text`)}
          action={t(`${asks}.action`)}
          onDone={asks === 'escalate' ? escalate : appeal}
          onClose={() => {
            setAsks(null);
          }}
        />
      )}
    </aside>
  );
}

/** Where the review stands, and who holds the task. */
function ReviewState({ view: { review, may }, lease }: { view: TaskView; lease: Lease }): JSX.Element {
  const { t, session } = useConsole();
  const isOpen = review.step === 'waiting' || review.step === 'claimed';
  if (!isOpen) return <p class="notice">{t(`step.${STEP_KEYS[review.step]}`)}</p>;
  const foreign = review.claim !== null && review.claim.reviewer !== session.member.name ? review.claim : null;
  const take = may.claim && lease.claim === null && (
    <button type="button" class="button button--primary" disabled={lease.isBusy} onClick={() => void lease.take()}>
      {t(lease.isLost ? 'lease.takeAgain' : 'lease.take')} <Key>C</Key>
    </button>
  );
  return (
    <div class="lease">
      {lease.claim !== null ? (
        <p class="lease__mine">
          <Icon name="person" />
          {t('lease.mine')} <Until iso={lease.claim.until} urgentS={60} />
        </p>
      ) : foreign !== null ? (
        <p class="notice notice--warning" role="status">
          {t(lease.isLost ? 'lease.lostTo' : 'lease.heldBy', { reviewer: foreign.reviewer })}
        </p>
      ) : lease.isLost ? (
        <p class="notice notice--warning" role="alert">
          {t('lease.lost')}
        </p>
      ) : (
        <p class="dim">{t(may.claim ? 'lease.open' : 'lease.notForYou')}</p>
      )}
      {take}
      {review.rule !== 'one' && <p class="dim">{t(`rule.${review.rule}`, { count: review.readers.length })}</p>}
    </div>
  );
}

const STEP_KEYS = {
  'not yet': 'notYet',
  none: 'none',
  waiting: 'waiting',
  claimed: 'claimed',
  held: 'held',
  decided: 'decided',
  expired: 'expired',
} as const;
