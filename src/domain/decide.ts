import type { DetectorInfo } from '../schema/detector-info.js';
import type { ChunkRef, Observation } from '../schema/observation.js';
import type { SamplePlan } from '../schema/plan.js';
import type { Policy } from '../schema/policy.js';
import { SCENES, SUGGESTIONS, type Scene, type Suggestion } from '../schema/scene.js';
import type { TaskType } from '../schema/task.js';
import type { Verdict } from '../schema/verdict.js';
import type { VideoInfo } from '../schema/video.js';
import { measureCoverage } from './coverage.js';
import { decideScene, type SceneFinding } from './decide-scene.js';
import { withOwnRules } from './own-rules.js';
import { explainEarlyStop } from './reasons.js';
import { sampleTimeS } from './sample-plan.js';

/** All that a verdict depends on. */
export interface DecideInput {
  /** In any order; those below the floor may be left out. */
  observations: readonly Observation[];
  policy: Policy;
  policyDigest: string;
  /** Scenes asked for. */
  scenes: readonly Scene[];
  detectors: readonly DetectorInfo[];
  taskType: TaskType;
  plan: SamplePlan;
  video: Pick<VideoInfo, 'timeBase' | 'durationS' | 'damaged'>;
  /** Ranges of samples that were classified. */
  inspected: readonly Pick<ChunkRef, 'from' | 'to'>[];
  /** Samples that each detector looked at, by its name; absent: not known. */
  looked?: Readonly<Record<string, number>>;
}

/**
 * The verdict on a video or an image. Pure: the workflow, `redecide` and every replay get the same answer from the same input.
 * Raising a score never loosens it.
 */
export function decide(given: DecideInput): Verdict {
  const input = { ...given, policy: withOwnRules(given.policy, given.detectors) };
  const { policy, plan, video, looked } = input;
  const timeS = (sample: number): number => sampleTimeS(plan, video.timeBase, sample);
  const asked = SCENES.filter((scene) => input.scenes.includes(scene));
  const inspectedScenes = asked.filter(
    (scene) => policy.scenes[scene] !== undefined && input.detectors.some((detector) => detector.scene === scene),
  );
  const findings = inspectedScenes.map((scene) => decideScene(scene, input, timeS));
  const coverage = measureCoverage(plan, video, input.inspected);
  const reasons = findings.flatMap((finding) => finding.reasons);
  const found = worst(findings.map((finding) => finding.suggestion));
  // A block needs nothing more, whatever was left out; and what was found later would not loosen it.
  const isEnough = policy.earlyStop === true && found === 'block' && coverage.skipped !== undefined;
  if (isEnough) reasons.push(explainEarlyStop(coverage));
  const doubts = doubtsAbout(coverage, input, { inspectedScenes, isEnough });
  const suggestion = worst([found, ...(doubts.length > 0 ? ['review' as const] : [])]);

  return {
    suggestion,
    categories: findings.filter((finding) => finding.suggestion !== 'pass').map((finding) => finding.scene),
    blockFrames: framesOf(findings),
    findings: findings.flatMap((finding) => finding.findings),
    reasons: [...reasons, ...doubts],
    coverage,
    inspectedScenes,
    notInspectedScenes: asked.filter((scene) => !inspectedScenes.includes(scene)),
    detectors: [...input.detectors],
    ...(looked && { looked: { ...looked } }),
    policyDigest: input.policyDigest,
  };
}

/** The most harmful of the suggestions; `pass` when there is none. */
export function worst(suggestions: readonly Suggestion[]): Suggestion {
  return SUGGESTIONS[Math.max(0, ...suggestions.map((suggestion) => SUGGESTIONS.indexOf(suggestion)))] ?? 'pass';
}

/** Why a video on which nothing was found is still not passed without a person. */
function doubtsAbout(
  coverage: Verdict['coverage'],
  { policy, video }: DecideInput,
  { inspectedScenes, isEnough }: { inspectedScenes: readonly Scene[]; isEnough: boolean },
): string[] {
  const doubts: string[] = [];
  if (inspectedScenes.length === 0) doubts.push('No detector looked for any of the scenes asked for.');
  if (video.damaged) {
    doubts.push(
      'The file is damaged or cut off: another player may show what could not be inspected behind the damage.',
    );
  }
  const share = coverage.planned === 0 ? 0 : coverage.inspected / coverage.planned;
  if (share < policy.coverage.minimum && !isEnough) {
    doubts.push(
      `Only ${coverage.inspected} of ${coverage.planned} samples could be inspected, less than the ${Math.round(100 * policy.coverage.minimum)} % that the policy asks for.`,
    );
  }
  return doubts;
}

function framesOf(findings: readonly SceneFinding[]): Verdict['blockFrames'] {
  return findings
    .flatMap((finding) => finding.frames)
    .sort((a, b) => a.timeS - b.timeS || SCENES.indexOf(a.scene) - SCENES.indexOf(b.scene));
}
