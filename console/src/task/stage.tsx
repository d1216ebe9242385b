import type { JSX } from 'preact';
import type { TaskView } from '../../../src/schema/console/task.js';
import { useConsole } from '../console.js';
import { Icon } from '../ui/icon.js';
import { Key } from '../ui/words.js';
import { Boxes } from './boxes.js';
import { Found } from './found.js';
import { useClock } from './use-clock.js';
import type { Playback } from './use-playback.js';
import type { Veil } from './use-veil.js';

const RATES = [0.5, 1, 2] as const;

/** The picture: a clip, the whole source or a frame, veiled until somebody asks to see it. */
export function Stage(props: { view: TaskView; playback: Playback; veil: Veil }): JSX.Element {
  const { t, api } = useConsole();
  const { view, playback, veil } = props;
  const { showing } = playback;
  const isToCome = view.status === 'Running' || view.isKeepingEvidence;
  const path =
    showing.kind === 'clip'
      ? (view.clips[showing.index]?.path ?? null)
      : showing.kind === 'whole' && view.source.isPlayable
        ? view.source.path
        : null;
  return (
    <section class="stage" aria-label={t('stage.title')}>
      <div
        class={`stage__picture ${veil.className}`}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          veil.hold(true);
        }}
        onPointerUp={() => {
          veil.hold(false);
        }}
        onPointerCancel={() => {
          veil.hold(false);
        }}
        onContextMenu={(event) => {
          // A long touch reveals here.
          event.preventDefault();
        }}
      >
        {path !== null && (
          <video
            key={path}
            ref={playback.video}
            src={api.address(path)}
            muted={playback.isMuted}
            loop={showing.kind === 'clip'}
            playsInline
            preload="auto"
            tabIndex={-1}
            aria-label={t('stage.video')}
          />
        )}
        {showing.kind === 'frame' && (
          <figure class="stage__frame">
            <img
              src={api.address(showing.frame.path)}
              width={showing.frame.widthPx}
              height={showing.frame.heightPx}
              alt={t('frames.alt', { time: `${showing.frame.timeS}` })}
            />
            <Boxes found={showing.frame.found} />
          </figure>
        )}
        {showing.kind === 'nothing' && <p class="stage__nothing">{t(isToCome ? 'stage.toCome' : 'stage.nothing')}</p>}
        {playback.hasFailed && <p class="stage__nothing">{t('stage.failed')}</p>}
        {!veil.isRevealed && showing.kind !== 'nothing' && (
          <p class="stage__hint">
            <Icon name="veil" />
            {t('stage.hint')} <Key>V</Key>
          </p>
        )}
      </div>
      {showing.kind === 'frame' && showing.frame.found.length > 0 && (
        <div class="stage__found">
          <Found found={showing.frame.found} />
        </div>
      )}
      <Controls {...props} />
    </section>
  );
}

function Controls({ view, playback, veil }: { view: TaskView; playback: Playback; veil: Veil }): JSX.Element {
  const { t, format } = useConsole();
  const { showing, isPlaying, isMuted } = playback;
  const isWhole = showing.kind === 'whole';
  return (
    <div class="controls" role="group" aria-label={t('stage.controls')}>
      <button
        type="button"
        class="button button--quiet button--icon"
        aria-label={t(isPlaying ? 'stage.pause' : 'stage.play')}
        title={`${t(isPlaying ? 'stage.pause' : 'stage.play')} (K)`}
        onClick={playback.toggle}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        class="button button--quiet button--icon"
        aria-pressed={!isMuted}
        aria-label={t('stage.sound')}
        title={`${t('stage.sound')} (M)`}
        onClick={playback.toggleMuted}
      >
        <Icon name={isMuted ? 'muted' : 'sound'} />
      </button>
      <Position playback={playback} durationS={view.durationS} />
      <span class="controls__what dim">
        {showing.kind === 'clip'
          ? t('stage.clip', { number: showing.index + 1, count: view.clips.length })
          : isWhole
            ? t('stage.whole')
            : showing.kind === 'frame'
              ? t('stage.frame')
              : ''}
      </span>
      <span class="controls__end">
        <span class="segments" role="group" aria-label={t('stage.rate')}>
          {RATES.map((rate) => (
            <button
              key={rate}
              type="button"
              aria-pressed={playback.rate === rate}
              onClick={() => {
                playback.setRate(rate);
              }}
            >
              {format.number(rate, 1)}×
            </button>
          ))}
        </span>
        {view.source.isPlayable && (
          <button
            type="button"
            class="button button--small"
            aria-pressed={isWhole}
            onClick={() => {
              playback.setWhole(!isWhole);
            }}
          >
            <Icon name="video" />
            {t('stage.wholeVideo')}
          </button>
        )}
        <button
          type="button"
          class="button button--small"
          aria-pressed={veil.isKept}
          title={`${t('stage.keepShown')} (W)`}
          onClick={() => {
            veil.keep(!veil.isKept);
          }}
        >
          <Icon name={veil.isKept ? 'eye' : 'veil'} />
          {t('stage.keepShown')}
        </button>
      </span>
    </div>
  );
}

function Position({ playback, durationS }: { playback: Playback; durationS: number | null }): JSX.Element {
  const { format } = useConsole();
  const now = useClock(playback.clock);
  return (
    <span class="controls__time number">
      {format.position(now, true)}
      {durationS !== null && durationS > 0 && <span class="dim"> / {format.position(durationS)}</span>}
    </span>
  );
}
