import type { ModerationResultBody, TaskStatus } from '../schema/result.js';
import type { TaskRequest } from '../schema/task.js';
import type { Revision } from '../schema/verdict.js';

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
    ...(state.revision === null ? {} : { ModerationResult: moderationResult(request.source.uri, state.revision) }),
  };
}

function moderationResult(
  uri: string,
  { revision, origin, verdict }: Revision,
): NonNullable<ModerationResultBody['ModerationResult']> {
  return {
    URI: uri,
    Suggestion: verdict.suggestion,
    Categories: verdict.categories,
    Frames: {
      TotalCount: verdict.coverage.inspected,
      BlockFrames: verdict.blockFrames.map(({ rate, offset, label }) => ({ Rate: rate, Offset: offset, Label: label })),
    },
    Details: {
      Revision: revision,
      Origin: origin,
      Reasons: verdict.reasons,
      Coverage: {
        Inspected: verdict.coverage.inspected,
        Planned: verdict.coverage.planned,
        LargestGap: verdict.coverage.largestGapS,
      },
      Scenes: { Inspected: verdict.inspectedScenes, NotInspected: verdict.notInspectedScenes },
      Detectors: verdict.detectors.map(({ name, version, digest, scene, atMost }) => ({
        Name: name,
        Version: version,
        Digest: digest,
        Scene: scene,
        AtMost: atMost,
      })),
      PolicyDigest: verdict.policyDigest,
    },
  };
}
