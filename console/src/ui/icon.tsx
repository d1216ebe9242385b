import type { JSX } from 'preact';

/** Shapes on a grid of 16, stroked in the colour of the text beside them. */
const SHAPES = {
  pass: 'M3 8.5l3.2 3.2L13 5',
  review: 'M8 4.2v4.6M8 11.6v.2',
  block: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  play: 'M5 3.5v9l7-4.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  sound: 'M3 6.5v3h2.2L8.5 12V4L5.2 6.5zM11 6a3 3 0 010 4M12.8 4.4a5.2 5.2 0 010 7.2',
  muted: 'M3 6.5v3h2.2L8.5 12V4L5.2 6.5zM11 6.5l3 3M14 6.5l-3 3',
  eye: 'M1.8 8S4.2 3.8 8 3.8 14.2 8 14.2 8 11.8 12.2 8 12.2 1.8 8 1.8 8zM8 9.8a1.8 1.8 0 100-3.6 1.8 1.8 0 000 3.6z',
  veil: 'M2.5 2.5l11 11M6.2 4.1A6.6 6.6 0 018 3.8c3.8 0 6.2 4.2 6.2 4.2a11 11 0 01-2 2.5M4 5.3A11 11 0 001.8 8S4.2 12.2 8 12.2c1 0 1.9-.3 2.7-.7',
  clock: 'M8 14A6 6 0 108 2a6 6 0 000 12zM8 4.8V8l2.2 1.6',
  person: 'M8 8a2.6 2.6 0 100-5.2A2.6 2.6 0 008 8zM2.8 13.4c.6-2.4 2.6-3.6 5.2-3.6s4.6 1.2 5.2 3.6',
  up: 'M8 13V3.5M4 7l4-4 4 4',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  close: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.6l6 10.6H2zM8 6.6v3M8 11.4v.2',
  offline: 'M2.5 2.5l11 11M2 7a9 9 0 013-1.9M8 4.4A9 9 0 0114 7M4.4 9.6A5.4 5.4 0 018 8.2M8 12.4v.2',
  search: 'M7 11.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM10.4 10.4l3.1 3.1',
  link: 'M6.8 9.2l2.4-2.4M7.4 4.9l1.3-1.3a2.6 2.6 0 013.7 3.7l-1.3 1.3M8.6 11.1l-1.3 1.3a2.6 2.6 0 01-3.7-3.7l1.3-1.3',
  video: 'M2.5 4h7.5v8H2.5zM10 7l3.5-2v6L10 9',
  still: 'M2.5 3.5h11v9h-11zM2.5 10.5l3-3 2.6 2.6L10 8.4l3.5 3',
  check: 'M8 14A6 6 0 108 2a6 6 0 000 12zM5.3 8.2l1.9 1.9 3.6-3.9',
} as const;
export type IconName = keyof typeof SHAPES;

/** Decoration beside a text: never the only thing that says something. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
