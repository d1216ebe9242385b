import type { JSX } from 'preact';
import type { LeadView } from '../../../src/schema/console/lead.js';
import { useConsole } from '../console.js';
import { Chart } from './chart.js';

const WIDTH = 320;
const ROW = 24;
const LEFT = 88;

/** How long those that wait have waited. */
export function AgesChart({ queue }: { queue: LeadView['queue'] }): JSX.Element {
  const { t, format } = useConsole();
  const highest = Math.max(1, ...queue.ages.map(({ count }) => count));
  const named = queue.ages.map(({ upToS, count }, index) => {
    const age = format.duration(upToS ?? queue.ages[index - 1]?.upToS ?? 0);
    return { name: t(upToS === null ? 'lead.over' : 'lead.upTo', { age }), count };
  });
  return (
    <Chart
      title={t('lead.ages')}
      summary={named.map(({ name, count }) => `${name}: ${count}`).join(', ')}
      head={[t('lead.age'), t('lead.count')]}
      rows={named.map(({ name, count }) => [name, count])}
      picture={
        <svg viewBox={`0 0 ${WIDTH} ${Math.max(1, named.length) * ROW + 4}`} class="plot" aria-hidden="true">
          {named.map(({ name, count }, index) => {
            const width = (count / highest) * (WIDTH - LEFT - 40);
            return (
              <g key={name} transform={`translate(0 ${index * ROW})`}>
                <text class="plot__label" x={LEFT - 8} y={ROW / 2 + 4} text-anchor="end">
                  {name}
                </text>
                <rect class="plot__bar" x={LEFT} y={5} width={Math.max(1, width)} height={ROW - 10} rx={2} />
                <text class="plot__value" x={LEFT + width + 6} y={ROW / 2 + 4}>
                  {format.number(count)}
                </text>
              </g>
            );
          })}
        </svg>
      }
    />
  );
}
