import type { JSX } from 'preact';
import type { MachineNumbers } from '../../../src/schema/console/lead.js';
import type { DetectorThresholds } from '../../../src/schema/review.js';
import { useConsole } from '../console.js';
import { Word } from '../ui/words.js';
import { Chart } from './chart.js';
import { differing } from './differing.js';

const WIDTH = 960;
const ROW = 28;
const LEFT = 330;
const RIGHT = 140;
/** Detectors that a label has room for. */
const MOST_TOLD = 2;

/** How often people decided otherwise than the machine, by scene, thresholds and what it had said. */
export function MachineChart({ machine }: { machine: MachineNumbers[] }): JSX.Element {
  const { t, format } = useConsole();
  const inner = WIDTH - LEFT - RIGHT;
  const text = ({ detector, review, block }: DetectorThresholds) =>
    `${detector} ${format.number(review, 3)} / ${block === null ? '–' : format.number(block, 3)}`;
  const name = (row: MachineNumbers) => {
    const told = differing(row, machine).map(text);
    // The table has all of them.
    const few = told.length > MOST_TOLD ? [...told.slice(0, MOST_TOLD), '…'] : told;
    return [t(`scene.${row.scene}`), t(`word.${row.machine}`), ...few].join(' · ');
  };
  return (
    <Chart
      title={t('lead.machine')}
      note={t('lead.machineNote')}
      summary={machine.map((row) => `${name(row)}: ${format.percent(row.overturned)} (${row.read})`).join(', ')}
      head={[
        t('queue.scene'),
        t('lead.machineSaid'),
        t('lead.thresholds'),
        t('lead.read'),
        t('lead.blocked'),
        t('lead.precision'),
        t('lead.overturned'),
      ]}
      rows={machine.map((row) => [
        t(`scene.${row.scene}`),
        <Word key="word" word={row.machine} />,
        <Thresholds key="thresholds" row={row} text={text} />,
        format.number(row.read),
        format.number(row.blocked),
        format.percent(row.precision, 1),
        format.percent(row.overturned, 1),
      ])}
      picture={
        <svg viewBox={`0 0 ${WIDTH} ${Math.max(1, machine.length) * ROW + 4}`} class="plot" aria-hidden="true">
          {machine.map((row, index) => (
            <g key={JSON.stringify([row.scene, row.machine, row.thresholds])} transform={`translate(0 ${index * ROW})`}>
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

/** Each detector's thresholds, and which policies have them. */
function Thresholds({ row, text }: { row: MachineNumbers; text: (of: DetectorThresholds) => string }): JSX.Element {
  return (
    <ul class="thresholds">
      {row.thresholds.map((each) => (
        <li key={each.detector}>{text(each)}</li>
      ))}
      <li class="dim">
        {row.policies.map((digest) => (
          <code key={digest}>{digest.slice(0, 8)} </code>
        ))}
      </li>
    </ul>
  );
}
