import { isDeepStrictEqual } from 'node:util';
import type { ServiceConfig } from './schema/service-config.js';

/**
 * Keys of a configuration, such as `listen.port`, that differ from the one a service was started with and that it heeds only when it is started again; everything
 * else it takes while it runs.
 */
export function changesForNextStart(started: ServiceConfig, now: ServiceConfig): string[] {
  const pairs: [string, unknown, unknown][] = [
    ...(['host', 'port', 'trustedProxies'] as const).map((key): [string, unknown, unknown] => [
      `listen.${key}`,
      started.listen[key],
      now.listen[key],
    ]),
    ['models', started.models, now.models],
  ];
  return pairs.flatMap(([key, before, after]) => (isDeepStrictEqual(before, after) ? [] : [key]));
}
