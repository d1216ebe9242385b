/** Characters of a random id that tell apart more tasks than one installation keeps. */
const CHARACTERS = 8;

/** A task id short enough to type; commands take it, and say so in the rare case that it is not enough. */
export function shortTaskId(taskId: string): string {
  return taskId.replace(/^(Video|Image)Moderation-/, '').slice(0, CHARACTERS);
}
