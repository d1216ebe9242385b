import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console.js';

/** A chart and the same as a table: who cannot see the one, or wants the numbers, takes the other. */
export function Chart(props: {
  title: string;
  /** What the picture shows, in a sentence. */
  summary: string;
  picture: JSX.Element;
  head: string[];
  rows: ComponentChildren[][];
  legend?: JSX.Element;
  /** How the numbers are to be read. */
  note?: string;
}): JSX.Element {
  const { t } = useConsole();
  const [isTable, setTable] = useState(false);
  return (
    <section class="panel chart" aria-label={props.title}>
      <header class="chart__head">
        <h2>{props.title}</h2>
        {!isTable && props.legend}
        <button
          type="button"
          class="button button--quiet button--small"
          aria-pressed={isTable}
          onClick={() => {
            setTable(!isTable);
          }}
        >
          {t('chart.asTable')}
        </button>
      </header>
      {props.note !== undefined && <p class="chart__note dim">{props.note}</p>}
      {isTable ? (
        <div class="scroll-x chart__table" tabIndex={0} role="group" aria-label={props.title}>
          <table class="table">
            <thead>
              <tr>
                {props.head.map((title) => (
                  <th key={title}>{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {props.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column} class={column === 0 ? undefined : 'number'}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div class="chart__picture" role="img" aria-label={props.summary}>
          {props.picture}
        </div>
      )}
    </section>
  );
}
