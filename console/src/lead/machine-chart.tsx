import type { JSX } from 'preact';
import type { MachineNumbers } from '../../../src/schema/console/lead.js';
import { useConsole } from '../console.js';
import { Word } from '../ui/words.js';
import { Chart } from './chart.js';

const WIDTH = 960;
const ROW = 28;
const LEFT = 210;
const RIGHT = 140;

/** How often people decided otherwise than the machine, by scene and by what it had said. */
export function MachineChart({ machine }: { machine: MachineNumbers[] }): JSX.Element {
  const { t, format } = useConsole();
  const inner = WIDTH - LEFT - RIGHT;
  const policies = new Set(machine.map(({ policyDigest }) => policyDigest)).size;
  const name = (row: MachineNumbers) =>
    `${t(`scene.${row.scene}`)} · ${t(`word.${row.machine}`)}${policies > 1 ? ` · ${row.policyDigest.slice(0, 6)}` : ''}`;
  return (
    <Chart
      title={t('lead.machine')}
      summary={machine.map((row) => `${name(row)}: ${format.percent(row.overturned)} (${row.read})`).join(', ')}
      head={[
        t('queue.scene'),
        t('lead.machineSaid'),
        t('lead.policy'),
        t('lead.read'),
        t('lead.blocked'),
        t('lead.precision'),
        t('lead.overturned'),
      ]}
      rows={machine.map((row) => [
        t(`scene.${row.scene}`),
        <Word key="word" word={row.machine} />,
        <code key="policy">{row.policyDigest.slice(0, 8)}</code>,
        format.number(row.read),
        format.number(row.blocked),
        format.percent(row.precision, 1),
        format.percent(row.overturned, 1),
      ])}
      picture={
        <svg viewBox={`0 0 ${WIDTH} ${Math.max(1, machine.length) * ROW + 4}`} class="plot" aria-hidden="true">
          {machine.map((row, index) => (
            <g key={`${row.scene} ${row.machine} ${row.policyDigest}`} transform={`translate(0 ${index * ROW})`}>
              <text class="plot__label" x={LEFT - 10} y={ROW / 2 + 4} text-anchor="end">
                {name(row)}
              </text>
              <rect class="plot__ground" x={LEFT} y={8} width={inner} height={ROW - 16} rx={3} />
              <rect
                class="plot__bar plot__bar--over"
                x={LEFT}
                y={8}
                width={Math.max(1.5, row.overturned * inner)}
                height={ROW - 16}
                rx={3}
              />
              <text class="plot__value" x={LEFT + inner + 12} y={ROW / 2 + 4}>
                {format.percent(row.overturned)}
              </text>
              <text class="plot__label" x={WIDTH} y={ROW / 2 + 4} text-anchor="end">
                {t('lead.ofRead', { count: row.read })}
              </text>
            </g>
          ))}
        </svg>
      }
    />
  );
}
