import { LEFT_BEHIND, prioritise, type OpenTask } from '../temporal/tasks.js';
import type { Session } from './session.js';

/** Ids named in the line; more are counted. */
const NAMED = 3;

/**
 * Puts what earlier commands left unfinished behind what is asked for now, and says so. Only a new owner does: what is open while another process
 * owns the directory is that one's business.
 */
export async function putBehind(
  session: Session,
  open: readonly OpenTask[],
  note: (line: string) => void,
): Promise<void> {
  if (session.role() !== 'owner') return;
  const records = await Promise.all(open.map(({ taskId }) => session.records.findTask(taskId)));
  // One with a verdict only waits for a person, and there is nothing to do for it.
  const unfinished = open.filter((_, index) => (records[index]?.status ?? 'Running') === 'Running');
  if (unfinished.length === 0) return;
  await Promise.all(unfinished.map(({ taskId }) => prioritise(session.tasks(), taskId, LEFT_BEHIND)));
  const names = unfinished.slice(0, NAMED).map(({ taskId }) => taskId);
  const more = unfinished.length - names.length;
  const ids = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  note(`Unfinished tasks of earlier commands go on behind this one (framewarden cancel ID ends one): ${ids}.`);
}
