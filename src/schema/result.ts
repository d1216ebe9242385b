import type { Suggestion } from './scene.js';
import type { Coverage, Origin } from './verdict.js';
import type { DetectorInfo } from './detector-info.js';
import type { TaskType } from './task.js';

export const TASK_STATUSES = ['Running', 'Succeeded', 'Failed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Body of GetImageModerationResult / GetVideoModerationResult (IMM 2020-09-30) less RequestId. */
export interface ModerationResultBody {
  ProjectName: string;
  EventId: string;
  TaskId: string;
  TaskType: TaskType;
  UserData: string;
  Status: TaskStatus;
  /** Empty unless the task failed. */
  Code: string;
  /** Empty unless the task failed. */
  Message: string;
  /** ISO 8601, UTC. */
  StartTime: string;
  /** ISO 8601, UTC; absent while the task runs. */
  EndTime?: string;
  /** Absent until there is a verdict. */
  ModerationResult?: ModerationResult;
}

export interface ModerationResult {
  URI: string;
  Suggestion: Suggestion;
  Categories: string[];
  Frames: { TotalCount: number; BlockFrames: { Rate: number; Offset: number; Label: string }[] };
  /** The one key that is not IMM's. The same for the same video and policy. */
  Details: ResultDetails;
}

export interface ResultDetails {
  Revision: number;
  Origin: Origin;
  Reasons: string[];
  Coverage: { Inspected: Coverage['inspected']; Planned: Coverage['planned']; LargestGap: Coverage['largestGapS'] };
  Scenes: { Inspected: string[]; NotInspected: string[] };
  Detectors: DetectorDetails[];
  PolicyDigest: string;
}

export interface DetectorDetails {
  Name: DetectorInfo['name'];
  Version: DetectorInfo['version'];
  Digest: DetectorInfo['digest'];
  Scene: DetectorInfo['scene'];
  AtMost: DetectorInfo['atMost'];
}
