import type { JSX } from 'preact';
import type { LeadView } from '../../../src/schema/console/lead.js';
import { useConsole } from '../console.js';
import { axisMarks, daysBetween } from './bars.js';
import { Chart } from './chart.js';

const WIDTH = 640;
const HEIGHT = 150;
const LEFT = 30;
const BOTTOM = 20;

/** How many were decided every day, and how many of these against the machine's word. */
export function DaysChart({ view }: { view: LeadView }): JSX.Element {
  const { t, format } = useConsole();
  const known = new Map(view.days.map((day) => [day.day, day]));
  const days = daysBetween(view.from, view.to).map((day) => known.get(day) ?? { day, decided: 0, overturned: 0 });
  const marks = axisMarks(Math.max(0, ...days.map(({ decided }) => decided)));
  const top = marks.at(-1) ?? 1;
  const slot = (WIDTH - LEFT) / Math.max(1, days.length);
  const bar = Math.min(24, Math.max(2, slot * 0.68));
  const y = (value: number) => 8 + (1 - value / top) * (HEIGHT - BOTTOM - 8);
  const sum = (name: 'decided' | 'overturned') => days.reduce((all, day) => all + day[name], 0);
  const every = Math.ceil(days.length / 8);
  return (
    <Chart
      title={t('lead.days')}
      summary={t('lead.daysSummary', { decided: sum('decided'), overturned: sum('overturned') })}
      head={[t('lead.day'), t('lead.decided'), t('lead.overturned')]}
      rows={days
        .filter(({ decided }) => decided > 0)
        .map(({ day, decided, overturned }) => [format.day(`${day}T12:00:00Z`), decided, overturned])}
      legend={
        <span class="legend">
          <span class="legend__item legend__item--main">{t('lead.decided')}</span>
          <span class="legend__item legend__item--over">{t('lead.overturned')}</span>
        </span>
      }
      picture={
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} class="plot" aria-hidden="true">
          {marks.map((mark) => (
            <g key={mark} class="plot__mark">
              <line x1={LEFT} x2={WIDTH} y1={y(mark)} y2={y(mark)} />
              <text x={LEFT - 6} y={y(mark) + 3.5} text-anchor="end">
                {mark}
              </text>
            </g>
          ))}
          {days.map(({ day, decided, overturned }, index) => {
            const x = LEFT + index * slot + (slot - bar) / 2;
            const height = (value: number) => y(0) - y(value);
            return (
              <g key={day}>
                <rect class="plot__bar" x={x} y={y(decided)} width={bar} height={height(decided)} rx={1.5} />
                <rect
                  class="plot__bar plot__bar--over"
                  x={x}
                  y={y(overturned)}
                  width={bar}
                  height={height(overturned)}
                  rx={1.5}
                />
                {index % every === 0 && (
                  <text class="plot__label" x={x + bar / 2} y={HEIGHT - 5} text-anchor="middle">
                    {format.dayAndMonth(day)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      }
    />
  );
}
