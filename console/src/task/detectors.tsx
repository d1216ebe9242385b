import type { JSX } from 'preact';
import type { DetectorSaid, TaskView } from '../../../src/schema/console/task.js';
import type { Scene, Suggestion } from '../../../src/schema/scene.js';
import { useConsole } from '../console.js';
import { SEES_ZH_CN } from '../messages/zh-CN/sees.js';

/** What each detector said, and why it was not enough. */
export function Detectors({ view }: { view: TaskView }): JSX.Element {
  const { t, format, language } = useConsole();
  const inWords = (name: string, value: string | number) =>
    name === 'scene' ? t(`scene.${value as Scene}`) : name === 'atMost' ? t(`word.${value as Suggestion}`) : value;
  const whyOf = ({ code, values }: DetectorSaid['why']) =>
    t(`why.${code}`, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inWords(name, value)])));
  return (
    <div class="scroll-x" tabIndex={0} role="group" aria-label={t('detectors.title')}>
      <table class="table table--detectors">
        <thead>
          <tr>
            <th>{t('queue.scene')}</th>
            <th>{t('detectors.detector')}</th>
            <th>{t('detectors.highest')}</th>
            <th class="cell--number">{t('detectors.samples')}</th>
            <th>{t('detectors.why')}</th>
          </tr>
        </thead>
        <tbody>
          {view.detectors.map((said) => (
            <tr key={`${said.name} ${said.scene}`}>
              <td>{t(`scene.${said.scene}`)}</td>
              <td>
                <span class="strong">{said.name}</span> <span class="dim number">{said.version}</span>
                <span class="cell__more">
                  {(language === 'zh-CN' ? SEES_ZH_CN[said.name] : undefined) ?? said.sees}
                </span>
              </td>
              <td>
                <Gauge said={said} />
              </td>
              <td class="cell--number number">{said.samples === null ? '–' : format.number(said.samples)}</td>
              <td class="cell--why">{whyOf(said.why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The highest score against the thresholds. */
function Gauge({ said }: { said: DetectorSaid }): JSX.Element {
  const { t, format } = useConsole();
  const { highest, review, block } = said;
  const state =
    highest === null
      ? 'none'
      : block !== null && highest >= block
        ? 'block'
        : review !== null && highest >= review
          ? 'review'
          : 'pass';
  return (
    <span class={`gauge gauge--${state}`}>
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <rect class="gauge__ground" y="3" width="100" height="6" rx="2" />
        <rect class="gauge__fill" y="3" width={100 * (highest ?? 0)} height="6" rx="2" />
        {review !== null && <line class="gauge__review" x1={100 * review} x2={100 * review} y2="12" />}
        {block !== null && <line class="gauge__block" x1={100 * block} x2={100 * block} y2="12" />}
      </svg>
      <span class="number">
        <b>{highest === null ? t('detectors.nothing') : format.number(highest, 2)}</b>
        <span class="dim">
          {review !== null && ` ${t('detectors.review', { threshold: format.number(review, 2) })}`}
          {block !== null && ` ${t('detectors.block', { threshold: format.number(block, 2) })}`}
        </span>
      </span>
    </span>
  );
}
