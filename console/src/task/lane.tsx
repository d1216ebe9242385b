import type { JSX } from 'preact';
import type { DisputedSpan, ScoresView } from '../../../src/schema/console/task.js';
import { curvePath, placeOf, type Scale } from './timeline.js';

const PADDING_PX = 4;

/** Of the so-many-th curve of a scene: four colours in turn. */
export const curveClass = (index: number): string => `lane__curve lane__curve--${index % 4}`;

/** One scene of the timeline: its disputed stretches, the thresholds, and a curve for each class of each detector. */
export function Lane(props: {
  top: number;
  heightPx: number;
  scale: Scale;
  curves: ScoresView['curves'];
  spans: DisputedSpan[];
}): JSX.Element {
  const { scale, curves, spans } = props;
  const inner = props.heightPx - 2 * PADDING_PX;
  const lowest = (name: 'review' | 'block') => {
    const all = curves.flatMap((curve) => curve[name] ?? []);
    return all.length === 0 ? null : Math.min(...all);
  };
  return (
    <g transform={`translate(0 ${props.top})`} class="lane">
      <rect class="lane__ground" y={1} width={scale.widthPx} height={props.heightPx - 2} rx={4} />
      {spans.map(({ startS, endS }, index) => {
        const x = placeOf(scale, startS);
        return (
          <rect
            key={index}
            class="lane__span"
            x={x}
            y={1}
            width={Math.max(3, placeOf(scale, endS) - x)}
            height={props.heightPx - 2}
            rx={3}
          />
        );
      })}
      <g transform={`translate(0 ${PADDING_PX})`}>
        {(['review', 'block'] as const).map((name) => {
          const threshold = lowest(name);
          if (threshold === null) return null;
          const y = (1 - threshold) * inner;
          return (
            <line key={name} class={`lane__threshold lane__threshold--${name}`} x2={scale.widthPx} y1={y} y2={y} />
          );
        })}
        {curves.map(({ detector, class: name, points }, index) => (
          <path key={`${detector} ${name}`} class={curveClass(index)} d={curvePath(points, scale, inner)} />
        ))}
      </g>
    </g>
  );
}
