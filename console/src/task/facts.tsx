import type { ComponentChildren, JSX } from 'preact';
import type { TaskView } from '../../../src/schema/console/task.js';
import { useConsole } from '../console.js';
import type { MessageKey } from '../messages.js';
import { Instant } from '../ui/time.js';

/** Everything else that is known of a task. */
export function Facts({ view }: { view: TaskView }): JSX.Element {
  const { t, format } = useConsole();
  const details = view.result.ModerationResult?.Details;
  const tags = Object.entries(view.tags);
  const facts: [MessageKey, ComponentChildren][] = [
    ['facts.taskId', <code key="id">{view.taskId}</code>],
    ['facts.source', <code key="uri">{view.uri}</code>],
    ['facts.project', view.project],
    ['facts.duration', view.durationS === null ? '–' : format.position(view.durationS, true)],
    ['facts.scenes', view.options.scenes.map((scene) => t(`scene.${scene}`)).join(', ')],
    ['facts.sampling', t('facts.samplingText', { mode: view.options.sampling, interval: view.options.interval })],
    [
      'facts.coverage',
      details === undefined
        ? '–'
        : t('facts.coverageText', {
            inspected: details.Coverage.Inspected,
            planned: details.Coverage.Planned,
            gap: format.number(details.Coverage.LargestGap, 1),
          }),
    ],
    ['facts.policy', details === undefined ? '–' : <code key="policy">{details.PolicyDigest.slice(0, 16)}…</code>],
    ['facts.tags', tags.length === 0 ? '–' : tags.map(([name, value]) => `${name}=${value}`).join(', ')],
    ['facts.started', <Instant key="start" iso={view.startTime} />],
    ['facts.ended', view.endTime === null ? '–' : <Instant key="end" iso={view.endTime} />],
    [
      'facts.wholeVideo',
      view.source.isPlayable ? t('facts.playable') : t(`source.${view.source.why.code}`, view.source.why.values),
    ],
  ];
  return (
    <>
      {details !== undefined && details.Reasons.length > 0 && (
        <ul class="reasons-said">
          {details.Reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{t(label)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
