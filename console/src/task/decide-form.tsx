import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { SCENES } from '../../../src/schema/scene.js';
import type { DisputedSpan, TaskView } from '../../../src/schema/console/task.js';
import { useConsole } from '../console.js';
import { reasonIndexOf } from '../keys.js';
import { reasonsOf, useReasonText } from '../reason-text.js';
import { Icon } from '../ui/icon.js';
import { Key } from '../ui/words.js';
import { useKeys } from '../use-keys.js';
import {
  EMPTY_DRAFT,
  sceneWord,
  spanWord,
  withScene,
  withSpan,
  withSuggestion,
  type Draft,
  type Word,
} from './draft.js';
import { Segmented } from './segmented.js';
import type { Playback } from './use-playback.js';

/** Makes a decision: the whole in two keys, or scene by scene and stretch by stretch. */
export function DecideForm(props: {
  view: TaskView;
  playback: Playback;
  isBusy: boolean;
  onDecide: (draft: Draft & { suggestion: Word }) => void;
}): JSX.Element {
  const { t, session, format } = useConsole();
  const { view, playback, isBusy } = props;
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const textOf = useReasonText();
  const note = useRef<HTMLTextAreaElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const reasons = reasonsOf(session, view.project);
  const { disputed } = view;
  const inQuestion = new Set(disputed.map(({ scene }) => scene));
  const scenes = SCENES.filter((scene) => inQuestion.has(scene) || view.options.scenes.includes(scene));
  const { suggestion } = draft;
  const isStill = view.taskType === 'ImageModeration';
  const rangeOf = ({ startS, endS }: DisputedSpan) => `${format.position(startS, true)}–${format.position(endS, true)}`;

  /** How often the whole was decided by a key or a button. */
  const [choices, setChoices] = useState(0);
  const choose = (word: Word) => {
    setDraft((before) => withSuggestion(before, word));
    setChoices((count) => count + 1);
  };
  // Enter is then all that is left to press, which may come before anything is painted.
  const isFocusGiven = useRef(false);
  useLayoutEffect(() => {
    if (choices === 0) return;
    confirm.current?.focus();
    isFocusGiven.current = true;
  }, [choices]);
  /** Somebody who types words that nothing takes must not decide by a letter and the space after it. */
  const ignoreSpace = (event: KeyboardEvent) => {
    if (event.key === ' ' && isFocusGiven.current) event.preventDefault();
  };
  const send = (ready: Draft) => {
    if (ready.suggestion !== null && !isBusy) props.onDecide({ ...ready, suggestion: ready.suggestion });
  };
  const cancel = () => {
    if (document.activeElement === note.current) note.current?.blur();
    else setDraft((before) => ({ ...EMPTY_DRAFT, reason: before.reason }));
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  useKeys(
    'task',
    {
      pass: () => {
        choose('pass');
      },
      block: () => {
        choose('block');
      },
      cancel,
      note: () => note.current?.focus(),
    },
    (event) => {
      const index = suggestion === null ? null : reasonIndexOf(event.key, reasons.length);
      if (index === null) return false;
      send({ ...draft, reasonCode: reasons[index] ?? null });
      return true;
    },
  );
  return (
    <form
      class="decide"
      onSubmit={(event) => {
        event.preventDefault();
        send(draft);
      }}
    >
      <section aria-label={t('decide.what')}>
        <ul class="spans">
          {scenes.map((scene) => (
            <li key={scene}>
              <div class="spans__row">
                <span class={inQuestion.has(scene) ? 'strong' : 'dim'}>{t(`scene.${scene}`)}</span>
                <Segmented
                  label={t(`scene.${scene}`)}
                  value={sceneWord(draft, scene)}
                  disabled={isBusy}
                  onChoose={(word) => {
                    setDraft(withScene(draft, scene, word, disputed, scenes));
                  }}
                />
              </div>
              {disputed.map((span, index) =>
                span.scene !== scene || isStill ? null : (
                  <div key={`${span.startS} ${span.endS}`} class="spans__row spans__row--span">
                    <button
                      type="button"
                      class="spans__seek number"
                      onClick={() => {
                        playback.seek(span.startS);
                      }}
                    >
                      {rangeOf(span)} <span class="dim">{Math.round(span.rate)}</span>
                    </button>
                    <Segmented
                      label={`${t(`scene.${scene}`)} ${rangeOf(span)}`}
                      value={spanWord(draft, index, span)}
                      disabled={isBusy}
                      onChoose={(word) => {
                        setDraft(withSpan(draft, index, word, disputed, scenes));
                      }}
                    />
                  </div>
                ),
              )}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('decide.reason')}>
        <h3>{t('decide.reason')}</h3>
        <div class="reasons" role="group" aria-label={t('decide.reason')}>
          {reasons.map((code, index) => (
            <button
              key={code}
              type="button"
              class="toggle"
              aria-pressed={draft.reasonCode === code}
              disabled={isBusy}
              onClick={() => {
                setDraft({ ...draft, reasonCode: draft.reasonCode === code ? null : code });
              }}
            >
              {index < 10 && <Key>{String((index + 1) % 10)}</Key>}
              {textOf(code)}
            </button>
          ))}
        </div>
        <label class="field">
          <span class="visually-hidden">{t('decide.note')}</span>
          <textarea
            ref={note}
            rows={2}
            maxLength={2000}
            placeholder={t('decide.notePlaceholder')}
            value={draft.reason}
            disabled={isBusy}
            onInput={(event) => {
              setDraft({ ...draft, reason: event.currentTarget.value });
            }}
          />
        </label>
      </section>
      <div class="decide__words">
        {(['pass', 'block'] as const).map((word) => (
          <button
            key={word}
            type="button"
            class={`button button--large button--${word}`}
            aria-pressed={suggestion === word}
            disabled={isBusy}
            onClick={() => {
              choose(word);
            }}
          >
            <Icon name={word} />
            {t(`word.${word}`)}
            <Key>{word === 'pass' ? 'P' : 'B'}</Key>
          </button>
        ))}
        <button
          ref={confirm}
          type="submit"
          class="button button--large button--primary decide__confirm"
          onKeyDown={ignoreSpace}
          onKeyUp={ignoreSpace}
          onBlur={() => {
            isFocusGiven.current = false;
          }}
          disabled={suggestion === null || isBusy}
        >
          {isBusy
            ? t('decide.sending')
            : suggestion === null
              ? t('decide.chooseFirst')
              : t(suggestion === 'pass' ? 'decide.confirmPass' : 'decide.confirmBlock')}
          <Key>↵</Key>
        </button>
      </div>
    </form>
  );
}
