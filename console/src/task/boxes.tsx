import type { JSX } from 'preact';
import type { FrameView } from '../../../src/schema/console/task.js';

/** Where on a frame something was found; drawn over the picture, in shares of its sides. */
export function Boxes({ found }: { found: FrameView['found'] }): JSX.Element | null {
  const boxes = found.flatMap(({ box, scene }) => (box === null ? [] : [{ ...box, scene }]));
  if (boxes.length === 0) return null;
  return (
    <svg class="boxes" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {boxes.map(({ x, y, width, height, scene }, index) => (
        <rect
          key={index}
          class={`boxes__box boxes__box--${scene}`}
          x={x}
          y={y}
          width={width}
          height={height}
          vector-effect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
