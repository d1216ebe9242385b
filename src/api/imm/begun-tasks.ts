import type { RecordStore } from '../../store/records.js';

/** Milliseconds between two looks at what was recorded meanwhile, while a project is full. */
const LOOK_MS = 1000;
/** Milliseconds after which a task that nobody has recorded counts no longer: its workflow was ended from outside. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

/** What was begun for one project and may not have been recorded yet. */
interface Begun {
  /** When each was begun, in milliseconds since 1970, by its id. */
  tasks: Map<string, number>;
  lookedMs: number;
}

/**
 * Bounds the open tasks of projects, those included that no worker has recorded yet: however far workers are behind, there are no more. What other processes of
 * the service begin counts once it is recorded.
 */
export class BegunTasks {
  readonly #projects = new Map<string, Begun>();

  /** `now`: milliseconds since 1970. */
  constructor(
    private readonly records: Pick<RecordStore, 'countOpen' | 'unrecordedTasks'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Makes room for a task, unless so many of the project are open already; answers whether there is. */
  async reserve(project: string, taskId: string, most: number): Promise<boolean> {
    const begun = this.#begunOf(project);
    const open = await this.records.countOpen(project);
    if (open < most && open + begun.tasks.size >= most) await this.#look(begun);
    // Nothing is waited for from here on: of callers at the same time each sees what those before it took.
    if (open + begun.tasks.size >= most) return false;
    begun.tasks.set(taskId, this.now());
    return true;
  }

  /** The task was not begun after all. */
  release(project: string, taskId: string): void {
    this.#begunOf(project).tasks.delete(taskId);
  }

  async #look(begun: Begun): Promise<void> {
    const now = this.now();
    if (now - begun.lookedMs < LOOK_MS) return;
    begun.lookedMs = now;
    const asked = [...begun.tasks.keys()];
    const unrecorded = new Set(await this.records.unrecordedTasks(asked));
    for (const taskId of asked) {
      const isForgotten = now - (begun.tasks.get(taskId) ?? 0) > FORGOTTEN_MS;
      if (isForgotten || !unrecorded.has(taskId)) begun.tasks.delete(taskId);
    }
  }

  #begunOf(project: string): Begun {
    const known = this.#projects.get(project);
    if (known !== undefined) return known;
    const begun = { tasks: new Map<string, number>(), lookedMs: 0 };
    this.#projects.set(project, begun);
    return begun;
  }
}
