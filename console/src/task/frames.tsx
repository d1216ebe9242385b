import type { JSX } from 'preact';
import type { TaskView } from '../../../src/schema/console/task.js';
import { useConsole } from '../console.js';
import { Empty } from '../ui/states.js';
import { Boxes } from './boxes.js';
import { Found } from './found.js';
import type { Playback } from './use-playback.js';
import type { Veil } from './use-veil.js';

/** The frames that were kept, as a contact sheet. */
export function Frames({ view, playback, veil }: { view: TaskView; playback: Playback; veil: Veil }): JSX.Element {
  const { t, api, format } = useConsole();
  if (view.frames.length === 0) return <Empty icon="still" title={t('frames.none')} />;
  return (
    <ul class="sheet">
      {view.frames.map((frame) => {
        const isShown = playback.showing.kind === 'frame' && playback.showing.frame.sample === frame.sample;
        return (
          <li key={frame.sample} class={isShown ? 'sheet__cell is-shown' : 'sheet__cell'}>
            <button
              type="button"
              class="sheet__button"
              aria-pressed={isShown}
              aria-label={t('frames.show', { time: format.position(frame.timeS, true) })}
              onClick={() => {
                playback.showFrame(frame);
              }}
            >
              <span class={`sheet__picture ${veil.className}`}>
                <img
                  src={api.address(frame.path)}
                  width={frame.widthPx}
                  height={frame.heightPx}
                  loading="lazy"
                  decoding="async"
                  alt=""
                />
                <Boxes found={frame.found} />
              </span>
              <span class="sheet__time number">{format.position(frame.timeS, true)}</span>
            </button>
            <Found found={frame.found} />
          </li>
        );
      })}
    </ul>
  );
}
