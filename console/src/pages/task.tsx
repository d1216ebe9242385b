import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ScoresView, TaskView } from '../../../src/schema/console/task.js';
import { useConsole } from '../console.js';
import { formatRoute } from '../route.js';
import { sourceName } from '../source-name.js';
import { DecidePanel } from '../task/decide-panel.js';
import { Detectors } from '../task/detectors.js';
import { isSevere } from '../task/exposure.js';
import { Facts } from '../task/facts.js';
import { Frames } from '../task/frames.js';
import { History } from '../task/history.js';
import { withKnownProgress } from '../task/known-progress.js';
import { Stage } from '../task/stage.js';
import { Steering } from '../task/steering.js';
import { Timeline } from '../task/timeline-view.js';
import { useExposure } from '../task/use-exposure.js';
import { useLease } from '../task/use-lease.js';
import { usePlayback } from '../task/use-playback.js';
import { useVeil } from '../task/use-veil.js';
import { Icon } from '../ui/icon.js';
import { PageHead } from '../ui/page.js';
import { Loading, Problem } from '../ui/states.js';
import { Tabs } from '../ui/tabs.js';
import { Until } from '../ui/time.js';
import { Severity } from '../ui/words.js';
import { useKeys } from '../use-keys.js';
import { useLoad } from '../use-load.js';

const LOOK_AGAIN_MS = 3000;

/** One task: what is disputed, why, and the decision. */
export function TaskPage({ taskId }: { taskId: string }): JSX.Element {
  const { api, t, onQueue } = useConsole();
  const path = `/tasks/${encodeURIComponent(taskId)}`;
  const known = useRef<TaskView | null>(null);
  const task = useLoad(path, async (signal) => {
    known.current = withKnownProgress(await api.ask<TaskView>('GET', path, { signal }), known.current);
    return known.current;
  });
  const status = task.data?.status ?? null;
  const scores = useLoad(`${path} ${status ?? ''}`, async (signal) =>
    status === null ? null : api.ask<ScoresView>('GET', `${path}/scores`, { signal }),
  );
  useEffect(
    () =>
      onQueue((taskIds) => {
        if (taskIds.includes(taskId)) task.reload();
      }),
    [taskId, task.reload],
  );
  // What is under way changes without anybody being told.
  const isUnderWay = status === 'Running' || task.data?.isKeepingEvidence === true;
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(task.reload, LOOK_AGAIN_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isUnderWay, task.reload]);
  if (task.data === null) {
    return (
      <>
        <PageHead title={t('task.title')} />
        {task.error === null ? <Loading rows={8} /> : <Problem error={task.error} retry={task.reload} />}
      </>
    );
  }
  return (
    <>
      {task.error !== null && <Problem error={task.error} retry={task.reload} />}
      <Desk view={task.data} scores={scores.data} reload={task.reload} />
    </>
  );
}

function Desk(props: { view: TaskView; scores: ScoresView | null; reload: () => void }): JSX.Element {
  const { t, session, format } = useConsole();
  const { view, scores, reload } = props;
  const { settings } = session.member;
  const playback = usePlayback(view, settings.muted);
  const veil = useVeil(settings);
  const lease = useLease(view.taskId, view.review.claim, reload);
  useExposure(veil.isRevealed && playback.showing.kind !== 'nothing' && isSevere(view));
  const step = (seconds: number) => {
    playback.seek(playback.clock.get() + seconds);
  };
  useKeys('task', {
    reveal: () => {
      veil.hold(true);
    },
    keepShown: () => {
      veil.keep(!veil.isKept);
    },
    play: playback.toggle,
    mute: playback.toggleMuted,
    back: ({ shiftKey }) => {
      step(shiftKey ? -5 : -1);
    },
    forward: ({ shiftKey }) => {
      step(shiftKey ? 5 : 1);
    },
    previousSpan: () => {
      playback.stepSpan(-1);
    },
    nextSpan: () => {
      playback.stepSpan(1);
    },
  });
  const rates = [...view.disputed.map(({ rate }) => rate), 0];
  const isStill = view.taskType === 'ImageModeration';
  const hasFailed = view.status === 'Failed';
  // Of what failed at once there is nothing to be seen.
  const isEmpty = hasFailed && view.durationS === null;
  return (
    <div class="task">
      <PageHead title={sourceName(view.uri)} focusKey={view.taskId}>
        <a
          class="button button--quiet button--icon page-head__back"
          href={formatRoute('queue')}
          aria-label={t('nav.queue')}
        >
          <Icon name="left" />
        </a>
        <p class="page-head__facts">
          <span>{view.project}</span>
          {view.disputed.length > 0 && <Severity value={Math.max(...rates)} />}
          {view.review.dueAt !== null && (view.review.step === 'waiting' || view.review.step === 'claimed') && (
            <span>
              {t('task.due')} <Until iso={view.review.dueAt} />
            </span>
          )}
          {view.review.notes?.some(({ kind }) => kind === 'appeal') === true && (
            <span class="chip chip--plain">{t('queue.appeal')}</span>
          )}
          {view.review.level === 'lead' && <span class="chip chip--plain">{t('queue.escalated')}</span>}
          {view.status === 'Running' && (view.progress !== null || view.isPaused) && (
            <span role="status">
              {view.progress !== null && (
                <>
                  {t(`phase.${PHASE_KEYS[view.progress.phase]}`)}{' '}
                  <span class="number">
                    {format.number(view.progress.done)}/{format.number(view.progress.total)}
                  </span>
                  {view.isPaused && ' · '}
                </>
              )}
              {view.isPaused && t('steer.paused')}
            </span>
          )}
        </p>
        {view.may.steer && view.status === 'Running' && <Steering view={view} reload={reload} />}
      </PageHead>
      <div class="task__columns">
        <div class="task__main">
          {hasFailed && (
            <p class="notice notice--block" role="status">
              <strong>{t('status.Failed')}</strong> {view.code}: {view.message}
            </p>
          )}
          {!isEmpty && <Stage view={view} playback={playback} veil={veil} />}
          {!isStill && !isEmpty && <Timeline view={view} scores={scores} playback={playback} />}
          {!view.source.isPlayable && !isStill && !hasFailed && (
            <p class="task__why dim">
              <Icon name="video" />
              {t('task.noWhole', { why: t(`source.${view.source.why.code}`, view.source.why.values) })}
            </p>
          )}
        </div>
        <DecidePanel view={view} playback={playback} lease={lease} reload={reload} />
        <div class="task__more">
          <Tabs
            label={t('task.more')}
            tabs={[
              {
                id: 'frames',
                title: t('frames.title'),
                count: view.frames.length,
                body: <Frames view={view} playback={playback} veil={veil} />,
              },
              {
                id: 'detectors',
                title: t('detectors.title'),
                count: view.detectors.length,
                body: <Detectors view={view} />,
              },
              { id: 'history', title: t('history.title'), count: view.history.length, body: <History view={view} /> },
              { id: 'facts', title: t('facts.title'), body: <Facts view={view} /> },
            ]}
          />
        </div>
      </div>
    </div>
  );
}

const PHASE_KEYS = {
  probing: 'probing',
  classifying: 'classifying',
  deciding: 'deciding',
  'keeping evidence': 'keepingEvidence',
  'waiting for review': 'waitingForReview',
  finished: 'finished',
} as const;
