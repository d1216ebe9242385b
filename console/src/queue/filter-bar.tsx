import type { JSX } from 'preact';
import { SCENES } from '../../../src/schema/scene.js';
import { useConsole } from '../console.js';
import { FilterText } from '../ui/filter-text.js';
import { filtersOf, scenesOf, type QueueQuery } from './filter.js';

/** What narrows the queue; it stands in the address, so that it can be kept and shared. */
export function FilterBar({ query }: { query: QueueQuery }): JSX.Element {
  const { t, session, go, counts, format } = useConsole();
  const scenes = scenesOf(query);
  const change = (name: string, value: string) => {
    go('queue', '', { ...query, [name]: value }, true);
  };
  return (
    <div class="filters" role="search" aria-label={t('queue.filters')}>
      <div class="filters__scenes" role="group" aria-label={t('queue.scene')}>
        {SCENES.map((scene) => {
          const isOn = scenes.includes(scene);
          const count = counts?.byScene[scene] ?? 0;
          return (
            <button
              key={scene}
              type="button"
              class="toggle"
              aria-pressed={isOn}
              onClick={() => {
                change('scenes', SCENES.filter((each) => (each === scene ? !isOn : scenes.includes(each))).join(','));
              }}
            >
              {t(`scene.${scene}`)}
              <span class="toggle__count number">{format.number(count)}</span>
            </button>
          );
        })}
      </div>
      {session.projects.length > 1 && (
        <Choice
          label={t('queue.project')}
          value={query['project'] ?? ''}
          choices={[
            ['', t('queue.allProjects')],
            ...session.projects.map(({ name }): [string, string] => [name, name]),
          ]}
          onChoose={(value) => {
            change('project', value);
          }}
        />
      )}
      <Choice
        label={t('queue.level')}
        value={query['level'] ?? ''}
        choices={[
          ['', t('queue.anyLevel')],
          ['reviewer', t('level.reviewer')],
          ['lead', t('level.lead')],
        ]}
        onChoose={(value) => {
          change('level', value);
        }}
      />
      <Choice
        label={t('queue.age')}
        value={query['minMinutes'] ?? ''}
        choices={[
          ['', t('queue.anyAge')],
          ...[15, 60, 240, 1440].map((minutes): [string, string] => [
            String(minutes),
            t('queue.olderThan', { age: format.duration(minutes * 60) }),
          ]),
        ]}
        onChoose={(value) => {
          change('minMinutes', value);
        }}
      />
      <Choice
        label={t('queue.severity')}
        value={query['minSeverity'] ?? ''}
        choices={[
          ['', t('queue.anySeverity')],
          ...[50, 70, 90].map((least): [string, string] => [String(least), t('queue.severityFrom', { least })]),
        ]}
        onChoose={(value) => {
          change('minSeverity', value);
        }}
      />
      <FilterText
        class="filters__tag"
        label={t('queue.tag')}
        placeholder={t('queue.tagExample')}
        value={query['tag'] ?? ''}
        onFilter={(value) => {
          change('tag', value);
        }}
      />
      {filtersOf(query).length > 0 && (
        <button
          type="button"
          class="button button--quiet button--small"
          onClick={() => {
            go('queue', '', { order: query['order'] ?? '' }, true);
          }}
        >
          {t('queue.clear')}
        </button>
      )}
    </div>
  );
}

function Choice(props: {
  label: string;
  value: string;
  choices: [value: string, text: string][];
  onChoose: (value: string) => void;
}): JSX.Element {
  return (
    <label class="choice">
      <span class="visually-hidden">{props.label}</span>
      <select
        value={props.value}
        class={props.value === '' ? undefined : 'is-set'}
        onChange={(event) => {
          props.onChoose(event.currentTarget.value);
        }}
      >
        {props.choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
