/** Items of one caller, and how it is told. */
interface Waiting<Item, Answer> {
  items: readonly Item[];
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * The same write, in which what comes while one is under way goes together into the next: one transaction and one commit for all of them, in the order in which they
 * came. Everybody is answered alike once theirs is written; where that fails each is written by itself, so that nobody fails for what another one asked.
 */
export function inGroups<Item, Answer>(
  write: (items: readonly Item[]) => Promise<Answer>,
): (items: readonly Item[]) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let isBusy = false;

  async function writeGroup(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answer = await write(group.flatMap(({ items }) => items));
      for (const { resolve } of group) resolve(answer);
    } catch (error) {
      if (group.length > 1) for (const one of group) await writeGroup([one]);
      else group[0]?.reject(error);
    }
  }

  async function writeAll(): Promise<void> {
    isBusy = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await writeGroup(group);
    }
    isBusy = false;
  }

  return (items) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ items, resolve, reject });
      if (!isBusy) void writeAll();
    });
}
