/** Operations by the names that requests and policies call them; the last five are ours: IMM has nothing like them. */
export const OPERATION_NAMES = [
  'CreateVideoModerationTask',
  'GetVideoModerationResult',
  'CreateImageModerationTask',
  'GetImageModerationResult',
  'GetTask',
  'ListTasks',
  'CancelModerationTask',
  'PauseModerationTask',
  'ResumeModerationTask',
  'PrioritizeModerationTask',
  'AppealModerationTask',
] as const;
export type OperationName = (typeof OPERATION_NAMES)[number];
