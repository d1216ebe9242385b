import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ScoresView, TaskView } from '../../../src/schema/console/task.js';
import { SCENES } from '../../../src/schema/scene.js';
import { useConsole } from '../console.js';
import { curveClass, Lane } from './lane.js';
import { instantAt, placeOf, scoreAt, tickStep, type Scale } from './timeline.js';
import { useClock } from './use-clock.js';
import type { Playback } from './use-playback.js';

const LANE_PX = 40;
const MARKS_PX = 14;
const AXIS_PX = 18;

/** Scores of every scene over the video, what was disputed, and where one is; a slider for pointer and keys. */
export function Timeline(props: { view: TaskView; scores: ScoresView | null; playback: Playback }): JSX.Element {
  const { t, format } = useConsole();
  const { view, scores, playback } = props;
  const track = useRef<HTMLDivElement>(null);
  const [widthPx, setWidth] = useState(640);
  const [hoverS, setHover] = useState<number | null>(null);
  useEffect(() => {
    const element = track.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const durationS = view.durationS ?? 0;
  const scale: Scale = { widthPx, durationS };
  const curves = scores?.curves ?? [];
  const named = new Set([...curves.map(({ scene }) => scene), ...view.disputed.map(({ scene }) => scene)]);
  const scenes = SCENES.filter((scene) => named.has(scene));
  const heightPx = MARKS_PX + scenes.length * LANE_PX + AXIS_PX;
  const blockFrames = view.result.ModerationResult?.Frames.BlockFrames ?? [];
  const say = (timeS: number) =>
    scenes
      .map((scene) => {
        const said = curves.filter((curve) => curve.scene === scene).map(({ points }) => scoreAt(points, timeS) ?? 0);
        return `${t(`scene.${scene}`)} ${format.number(Math.max(0, ...said), 2)}`;
      })
      .join(' · ');
  const instantOf = (event: PointerEvent) =>
    instantAt(scale, event.clientX - (track.current?.getBoundingClientRect().left ?? 0));
  const step = tickStep(scale);
  const ticks = Array.from({ length: Math.floor(durationS / step) + 1 }, (_, index) => index * step);
  return (
    <section class="timeline" aria-label={t('timeline.title')}>
      <div class="timeline__labels" aria-hidden="true">
        {scenes.map((scene) => (
          <span key={scene}>{t(`scene.${scene}`)}</span>
        ))}
      </div>
      <Slider
        elementRef={track}
        playback={playback}
        durationS={durationS}
        say={say}
        onHover={setHover}
        instantOf={instantOf}
      >
        <svg class="timeline__plot" width={widthPx} height={heightPx} aria-hidden="true">
          {view.clips.map(({ startS, endS, path }, index) =>
            path === null ? null : (
              <rect
                key={index}
                class="timeline__clip"
                x={placeOf(scale, startS)}
                y={MARKS_PX - 4}
                width={Math.max(2, placeOf(scale, endS) - placeOf(scale, startS))}
                height={3}
                rx={1.5}
              />
            ),
          )}
          {blockFrames.map(({ Offset }, index) => {
            const x = placeOf(scale, Offset);
            return <path key={index} class="timeline__mark" d={`M${x - 4} 1h8l-4 7z`} />;
          })}
          {scenes.map((scene, index) => (
            <Lane
              key={scene}
              top={MARKS_PX + index * LANE_PX}
              heightPx={LANE_PX}
              scale={scale}
              curves={curves.filter((curve) => curve.scene === scene)}
              spans={view.disputed.filter((span) => span.scene === scene)}
            />
          ))}
          {ticks.map((tick) => (
            <g key={tick} class="timeline__tick" transform={`translate(${placeOf(scale, tick)} ${heightPx - AXIS_PX})`}>
              <line y2={4} />
              <text y={15} text-anchor={tick === 0 ? 'start' : tick + step > durationS ? 'end' : 'middle'}>
                {format.position(tick)}
              </text>
            </g>
          ))}
          {hoverS !== null && (
            <line
              class="timeline__hover"
              x1={placeOf(scale, hoverS)}
              x2={placeOf(scale, hoverS)}
              y2={heightPx - AXIS_PX}
            />
          )}
          <Playhead playback={playback} scale={scale} heightPx={heightPx - AXIS_PX} />
        </svg>
      </Slider>
      <p class="timeline__said number" aria-hidden="true">
        {hoverS === null ? t('timeline.hint') : `${format.position(hoverS, true)} · ${say(hoverS)}`}
      </p>
      <ul class="timeline__legend">
        {scenes.flatMap((scene) =>
          curves
            .filter((curve) => curve.scene === scene)
            .map(({ detector, class: name }, index) => (
              <li key={`${scene} ${detector} ${name}`}>
                <svg width={16} height={8} aria-hidden="true">
                  <path class={curveClass(index)} d="M0 4h16" />
                </svg>
                {detector} <span class="dim">{name}</span>
              </li>
            )),
        )}
      </ul>
    </section>
  );
}

function Playhead({ playback, scale, heightPx }: { playback: Playback; scale: Scale; heightPx: number }): JSX.Element {
  const x = placeOf(scale, useClock(playback.clock));
  return (
    <g class="timeline__head" transform={`translate(${x.toFixed(1)} 0)`}>
      <line y2={heightPx} />
      <path d="M-5 0h10v5l-5 5-5-5z" />
    </g>
  );
}

function Slider(props: {
  elementRef: { current: HTMLDivElement | null };
  playback: Playback;
  durationS: number;
  say: (timeS: number) => string;
  instantOf: (event: PointerEvent) => number;
  onHover: (timeS: number | null) => void;
  children: JSX.Element;
}): JSX.Element {
  const { t, format } = useConsole();
  const { playback, durationS, instantOf } = props;
  const now = useClock(playback.clock);
  const isDragging = useRef(false);
  const steps: Record<string, (event: KeyboardEvent) => number> = {
    ArrowLeft: ({ shiftKey }) => now - (shiftKey ? 5 : 1),
    ArrowRight: ({ shiftKey }) => now + (shiftKey ? 5 : 1),
    ArrowDown: () => now - 1,
    ArrowUp: () => now + 1,
    PageDown: () => now - durationS / 10,
    PageUp: () => now + durationS / 10,
    Home: () => 0,
    End: () => durationS,
  };
  return (
    <div
      ref={props.elementRef}
      class="timeline__track"
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationS)}
      aria-valuenow={Math.round(now)}
      aria-valuetext={`${format.position(now)} · ${props.say(now)}`}
      onPointerDown={(event) => {
        isDragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        playback.seek(instantOf(event));
      }}
      onPointerMove={(event) => {
        props.onHover(instantOf(event));
        if (isDragging.current) playback.seek(instantOf(event));
      }}
      onPointerUp={() => {
        isDragging.current = false;
      }}
      onPointerLeave={() => {
        props.onHover(null);
      }}
      onKeyDown={(event) => {
        const to = steps[event.key];
        if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        playback.seek(to(event));
      }}
    >
      {props.children}
    </div>
  );
}
