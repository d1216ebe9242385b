import type { Suggestion } from './scene.js';
import type { Coverage, Finding, Origin } from './verdict.js';
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
  Coverage: CoverageDetails;
  Scenes: { Inspected: string[]; NotInspected: string[] };
  Detectors: DetectorDetails[];
  /** What was found at or above a review threshold, in the order of the video. */
  Findings: FindingDetails[];
  PolicyDigest: string;
}

export interface CoverageDetails {
  Inspected: Coverage['inspected'];
  Planned: Coverage['planned'];
  LargestGap: Coverage['largestGapS'];
  /** Samples of those inspected that were taken in a second pass, around what looked suspicious in the first; absent: none. */
  Denser?: number;
  /** Stretches that were not inspected, in seconds from the first frame; absent: there are none. */
  Skipped?: { Start: number; End: number }[];
  /** Samples that a detector of the scene looked at, of that one that looked at most; absent in records of earlier releases. */
  Scenes?: { Scene: string; Inspected: number }[];
}

/** One thing that a detector found, on one or more neighbouring samples. */
export interface FindingDetails {
  Scene: Finding['scene'];
  Detector: Finding['detector'];
  Class: Finding['class'];
  /** 0–1. */
  Score: Finding['score'];
  /** Seconds from the first frame. */
  Start: Finding['startS'];
  /** Seconds from the first frame. */
  End: Finding['endS'];
  Samples: Finding['samples'];
  /** Shares, 0–1, of the displayed picture's width and height. */
  Box?: { X: number; Y: number; Width: number; Height: number };
  Text?: string;
  Match?: { Bank: string; Entry: string; Distance: number };
}

export interface DetectorDetails {
  Name: DetectorInfo['name'];
  Version: DetectorInfo['version'];
  Digest: DetectorInfo['digest'];
  Scene: DetectorInfo['scene'];
  AtMost: DetectorInfo['atMost'];
  /** What it can and cannot see. */
  Sees: string;
  /** Samples that it looked at; absent in records of earlier releases. */
  Samples?: number;
}
