import type { JSX } from 'preact';
import { useConsole } from '../console.js';

/** Which projects somebody may see; `null`: every one, also later ones. */
export function ProjectChoice(props: {
  value: string[] | null;
  onChange: (projects: string[] | null) => void;
}): JSX.Element {
  const { t, session } = useConsole();
  const { value, onChange } = props;
  // Those that are named and gone are not taken away in passing.
  const names = [...new Set([...session.projects.map(({ name }) => name), ...(value ?? [])])];
  return (
    <fieldset class="projects">
      <legend>{t('members.projects')}</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={value === null}
          onChange={(event) => {
            onChange(event.currentTarget.checked ? null : names);
          }}
        />
        <span>{t('members.everyProject')}</span>
      </label>
      {value !== null &&
        names.map((name) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={value.includes(name)}
              onChange={(event) => {
                onChange(names.filter((each) => (each === name ? event.currentTarget.checked : value.includes(each))));
              }}
            />
            <span>{name}</span>
          </label>
        ))}
    </fieldset>
  );
}
