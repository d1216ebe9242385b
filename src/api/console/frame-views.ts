import { speaksFor } from '../../domain/labels.js';
import type { FrameView } from '../../schema/console/task.js';
import type { EvidenceItem } from '../../schema/evidence.js';
import { OBSERVATION_FLOOR } from '../../schema/observation.js';
import type { Verdict } from '../../schema/verdict.js';
import type { TaskBasis } from './task-basis.js';

/** The frames kept of a task, each with what was found on it, the highest score first. */
export function frameViews(
  taskId: string,
  items: readonly EvidenceItem[],
  verdict: Verdict,
  { observations }: Pick<TaskBasis, 'observations'>,
): FrameView[] {
  const said = observations.filter(({ score }) => score >= OBSERVATION_FLOOR);
  return items.flatMap(({ kind, sample, startS: timeS, widthPx, heightPx }, position): FrameView[] => {
    if (kind !== 'frame') return [];
    const found = said
      .filter((seen) => seen.sample === sample || isWithin(timeS, seen.span))
      .flatMap((seen) =>
        verdict.detectors
          .filter(({ name, scene }) => name === seen.detector && speaksFor(scene, seen))
          .map(({ scene }) => ({
            scene,
            detector: seen.detector,
            class: seen.class,
            score: seen.score,
            box: seen.box ?? null,
            text: seen.text ?? null,
            match: seen.match ?? null,
          })),
      )
      .sort((a, b) => b.score - a.score);
    const path = `/tasks/${taskId}/evidence/${position}`;
    return [{ sample, timeS, widthPx, heightPx, path, found }];
  });
}

function isWithin(timeS: number, span: { startS: number; endS: number } | undefined): boolean {
  return span !== undefined && timeS >= span.startS && timeS <= span.endS;
}
