import { topicId } from './notification.js';

/** Something of a configuration that does not fit with the rest of it. */
export interface ReferenceFault {
  path: (string | number)[];
  /** What was expected there. */
  message: string;
}

type Entry = Readonly<Record<string, unknown>>;

/**
 * What the parts of a configuration say of each other that is not so: names that are there twice, and accounts, projects and topics that are not there.
 * Reads whatever it is given as far as it can, so that other faults do not hide these.
 */
export function referenceFaults(config: unknown): ReferenceFault[] {
  const parts = entryOf(config);
  const [accounts, projects, topics] = ['accounts', 'projects', 'topics'].map((key) => entriesOf(parts[key])) as [
    Entry[],
    Entry[],
    Entry[],
  ];
  const ids = accounts.flatMap(({ id }) => textsOf([id]).map(([text]) => text));
  const projectNames = projects.map(({ name }) => name);
  const mayName = (topic: string, project: unknown): boolean =>
    topics.some(
      ({ name, instance, projects: only }) =>
        typeof name === 'string' &&
        topicId({ topic: name, instance: typeof instance === 'string' ? instance : null }) === topic &&
        (!Array.isArray(only) || only.includes(project)),
    );
  const faults: ReferenceFault[] = [
    ...repeated(accounts, 'id', ['accounts'], 'Expected every account once'),
    ...accounts.flatMap(({ users }, at) =>
      repeated(entriesOf(users), 'name', ['accounts', at, 'users'], 'Expected every user of an account once'),
    ),
    ...repeated(projects, 'name', ['projects'], 'Expected every project once'),
  ];
  projects.forEach(({ name, account, notify, review }, at) => {
    if (typeof account === 'string' && !ids.includes(account))
      faults.push({
        path: ['projects', at, 'account'],
        message: `Expected one of the accounts (${ids.join(', ')})`,
      });
    for (const [key, named] of [
      [['notify'], textsOf(notify)],
      [['review', 'notify'], textsOf(entryOf(review)['notify'])],
    ] as const)
      for (const [topic, index] of named)
        if (!mayName(topic, name))
          faults.push({
            path: ['projects', at, ...key, index],
            message: 'Expected a topic that this project may name',
          });
  });
  topics.forEach(({ projects: only }, at) => {
    for (const [project, index] of textsOf(only))
      if (!projectNames.includes(project))
        faults.push({ path: ['topics', at, 'projects', index], message: 'Expected one of the projects' });
  });
  return faults;
}

function repeated(
  entries: readonly Entry[],
  key: string,
  path: (string | number)[],
  message: string,
): ReferenceFault[] {
  const values = entries.map((entry) => entry[key]);
  return values.flatMap((value, index) =>
    typeof value === 'string' && values.indexOf(value) !== index ? [{ path: [...path, index, key], message }] : [],
  );
}

function entryOf(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? (value as Entry) : {};
}

function entriesOf(value: unknown): Entry[] {
  return Array.isArray(value) ? value.map(entryOf) : [];
}

/** The texts of a list, each with its index. */
function textsOf(value: unknown): [string, number][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown, index): [string, number][] => (typeof each === 'string' ? [[each, index]] : []));
}
