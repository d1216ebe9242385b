import type { TakeNext } from '../../../src/schema/console/queue.js';
import { SCENES, type Scene } from '../../../src/schema/scene.js';

/** Filters of the queue as they stand in the address: what is empty or not understood does not filter. */
export type QueueQuery = Readonly<Record<string, string>>;

export const ORDERS = ['deadline', 'severity', 'age'] as const;
export type Order = (typeof ORDERS)[number];

export const orderOf = (query: QueueQuery): Order => ORDERS.find((order) => order === query['order']) ?? 'deadline';

export const scenesOf = (query: QueueQuery): Scene[] => {
  const named = (query['scenes'] ?? '').split(',');
  return SCENES.filter((scene) => named.includes(scene));
};

const levelOf = (query: QueueQuery) => {
  const { level } = query;
  return level === 'reviewer' || level === 'lead' ? level : undefined;
};

const numberOf = (text: string | undefined, limit = Infinity): number | undefined => {
  const value = text === undefined || text === '' ? NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? Math.min(value, limit) : undefined;
};

const tagOf = ({ tag }: QueueQuery) => (tag !== undefined && /^[^=]+=/u.test(tag) ? tag : undefined);

/** Names of what filters, without the order. */
export const filtersOf = (query: QueueQuery): string[] =>
  Object.keys(takeFilterOf(query)).filter((name) => name !== 'order');

/** As query parameters of `GET /queue`. */
export function listFilterOf(query: QueueQuery): Record<string, string | number> {
  const { scenes, ...rest } = takeFilterOf(query);
  const given = Object.entries(rest).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return { ...Object.fromEntries(given), ...(scenes === undefined ? {} : { scenes: scenes.join(',') }) };
}

/** As the body of `POST /queue/next`. */
export function takeFilterOf(query: QueueQuery): TakeNext {
  const scenes = scenesOf(query);
  const { project } = query;
  const level = levelOf(query);
  const minMinutes = numberOf(query['minMinutes']);
  const minSeverity = numberOf(query['minSeverity'], 100);
  const tag = tagOf(query);
  return {
    ...(project === undefined || project === '' ? {} : { project }),
    ...(scenes.length === 0 ? {} : { scenes }),
    ...(level === undefined ? {} : { level }),
    ...(minMinutes === undefined ? {} : { minMinutes }),
    ...(minSeverity === undefined ? {} : { minSeverity }),
    ...(tag === undefined ? {} : { tag }),
    order: orderOf(query),
  };
}
