import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/**
 * A field whose text narrows what a page shows. What is being typed stays as it is while the page is drawn again, for instance because the counts of the
 * queue have changed; `value`, what the address says, is shown once that changes.
 */
export function FilterText(props: {
  label: string;
  placeholder: string;
  value: string;
  /** Narrow with every letter; otherwise when the field is left, or by Enter. */
  isLive?: boolean;
  /** Told of the text without spaces around it. */
  onFilter: (text: string) => void;
  class: string;
  id?: string;
  /** Focus goes to the field once this is so. */
  takesFocus?: boolean;
  /** Before the field. */
  icon?: JSX.Element;
}): JSX.Element {
  const { label, placeholder, value, isLive = false, takesFocus = false, onFilter, icon } = props;
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  // Before anything is painted, as the next letter may come before an effect would.
  useLayoutEffect(() => {
    setText((typed) => (typed.trim() === value ? typed : value));
  }, [value]);
  // Before anything is painted: letters that follow at once belong into the field.
  useLayoutEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);
  // A field that goes while it has focus tells of its text once more: by then another page is shown.
  const isGone = useRef(false);
  useLayoutEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );
  return (
    <label class={props.class}>
      <span class="visually-hidden">{label}</span>
      {icon}
      <input
        ref={field}
        id={props.id}
        type="search"
        placeholder={placeholder}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          if (isLive) onFilter(currentTarget.value.trim());
        }}
        onChange={({ currentTarget }) => {
          if (!isGone.current) onFilter(currentTarget.value.trim());
        }}
      />
    </label>
  );
}
