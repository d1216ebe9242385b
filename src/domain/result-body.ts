import type { CoverageDetails, FindingDetails, ModerationResultBody, TaskStatus } from '../schema/result.js';
import type { Scene } from '../schema/scene.js';
import type { TaskRequest, TaskType } from '../schema/task.js';
import type { Finding, Revision, Verdict } from '../schema/verdict.js';

/** What a result is made from besides the request. */
export interface ResultState {
  status: TaskStatus;
  /** Empty unless failed. */
  code: string;
  message: string;
  /** ISO 8601, UTC. */
  startTime: string;
  endTime: string | null;
  revision: Revision | null;
}

/** The `GetImageModerationResult` body (IMM 2020-09-30, less RequestId) of a task. */
export function resultBody(request: TaskRequest, state: ResultState): ModerationResultBody {
  return {
    ProjectName: request.projectName,
    EventId: request.eventId,
    TaskId: request.taskId,
    TaskType: request.taskType,
    UserData: request.userData,
    Status: state.status,
    Code: state.code,
    Message: state.message,
    StartTime: state.startTime,
    ...(state.endTime === null ? {} : { EndTime: state.endTime }),
    ...(state.revision === null ? {} : { ModerationResult: moderationResult(request, state.revision) }),
  };
}

function moderationResult(
  { source: { uri }, taskType }: TaskRequest,
  { revision, origin, verdict }: Revision,
): NonNullable<ModerationResultBody['ModerationResult']> {
  return {
    URI: uri,
    Suggestion: verdict.suggestion,
    Categories: categoriesOf(taskType, verdict),
    Frames: {
      TotalCount: verdict.coverage.inspected,
      BlockFrames: verdict.blockFrames.map(({ rate, offset, label }) => ({ Rate: rate, Offset: offset, Label: label })),
    },
    Details: {
      Revision: revision,
      Origin: origin,
      Reasons: verdict.reasons,
      Coverage: coverageDetails(verdict),
      Scenes: { Inspected: verdict.inspectedScenes, NotInspected: verdict.notInspectedScenes },
      Detectors: verdict.detectors.map(({ name, version, digest, scene, atMost, sees = '' }) => ({
        Name: name,
        Version: version,
        Digest: digest,
        Scene: scene,
        AtMost: atMost,
        Sees: sees,
        ...(verdict.looked && { Samples: verdict.looked[name] ?? 0 }),
      })),
      Findings: (verdict.findings ?? []).map(findingDetails),
      PolicyDigest: verdict.policyDigest,
    },
  };
}

/** Coverage as results tell it: of all scenes together, and of each the samples of that detector that looked at most. */
export function coverageDetails({
  coverage,
  inspectedScenes,
  detectors,
  looked,
}: Pick<Verdict, 'coverage' | 'inspectedScenes' | 'detectors' | 'looked'>): CoverageDetails {
  const { inspected, planned, largestGapS, denser, skipped } = coverage;
  const mostOf = (scene: Scene): number =>
    Math.max(0, ...detectors.filter((each) => each.scene === scene).map(({ name }) => looked?.[name] ?? 0));
  return {
    Inspected: inspected,
    Planned: planned,
    LargestGap: largestGapS,
    ...(denser !== undefined && { Denser: denser }),
    ...(skipped && { Skipped: skipped.map(({ startS, endS }) => ({ Start: startS, End: endS })) }),
    ...(looked && { Scenes: inspectedScenes.map((scene) => ({ Scene: scene, Inspected: mostOf(scene) })) }),
  };
}

/** A video's categories are scenes; an image's are the finer labels of its frames, the most certain first. */
function categoriesOf(taskType: TaskType, { categories, blockFrames }: Verdict): string[] {
  if (taskType === 'VideoModeration') return categories;
  return [...new Set([...blockFrames].sort((a, b) => b.rate - a.rate).map(({ label }) => label))];
}

function findingDetails(finding: Finding): FindingDetails {
  const { scene, detector, class: kind, score, startS, endS, samples, box, text, match } = finding;
  return {
    Scene: scene,
    Detector: detector,
    Class: kind,
    Score: score,
    Start: startS,
    End: endS,
    Samples: samples,
    ...(box && { Box: { X: box.x, Y: box.y, Width: box.width, Height: box.height } }),
    ...(text !== undefined && { Text: text }),
    ...(match && { Match: { Bank: match.bank, Entry: match.entry, Distance: match.distance } }),
  };
}
