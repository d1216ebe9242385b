import type { JSX } from 'preact';
import type { Role } from '../../../src/schema/member.js';
import { useConsole } from '../console.js';

const ROLES = ['reviewer', 'lead', 'admin'] as const satisfies readonly Role[];

export function RoleSelect(props: {
  value: Role;
  label?: string;
  disabled?: boolean;
  onChange: (role: Role) => void;
}): JSX.Element {
  const { t } = useConsole();
  return (
    <select
      value={props.value}
      aria-label={props.label}
      disabled={props.disabled}
      onChange={(event) => {
        const chosen = ROLES.find((role) => role === event.currentTarget.value);
        if (chosen !== undefined) props.onChange(chosen);
      }}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t(`role.${role}`)}
        </option>
      ))}
    </select>
  );
}
