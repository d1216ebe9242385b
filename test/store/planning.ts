import { CompiledQuery } from 'kysely';
import type { Db } from '../../src/store/sql/tables.js';

/** A statement and what its plan does that it must not. */
export interface Planned {
  query: string;
  faults: string[];
}

export type FaultsOf = (db: Db, query: CompiledQuery) => Promise<string[]>;

/** The same object but for one method. */
function withMethod<T extends object>(object: T, name: keyof T, method: unknown): T {
  return new Proxy(object, {
    get(target, asked) {
      if (asked === name) return method;
      // What belongs to a class may need its private members, which only itself has.
      const value: unknown = Reflect.get(target, asked, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The database, which looks at the plan of every statement before it runs it. */
export function planning(db: Db, faultsOf: FaultsOf, plans: Planned[]): Db {
  const executor = db.getExecutor();
  const executeQuery = async (query: CompiledQuery) => {
    plans.push({ query: query.sql, faults: await faultsOf(db, query) });
    return await executor.executeQuery(query);
  };
  return withMethod(db, 'getExecutor', () => withMethod(executor, 'executeQuery', executeQuery));
}

/** The steps of SQLite's plan, in its words. */
export async function sqlitePlan(db: Db, { sql, parameters }: CompiledQuery): Promise<string[]> {
  const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
  const { rows } = await db.executeQuery<{ detail: string }>(explain);
  return rows.map(({ detail }) => detail);
}

/** A node of Postgres' plan as JSON. */
interface PlanNode {
  'Node Type': string;
  'Index Name'?: string;
  'Plan Rows': number;
  Plans?: PlanNode[];
}

/** The nodes of Postgres' plan. */
export async function postgresPlan(db: Db, { sql, parameters }: CompiledQuery): Promise<PlanNode[]> {
  const explain = CompiledQuery.raw(`explain (format json) ${sql}`, [...parameters]);
  const { rows } = await db.executeQuery<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(explain);
  const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  return rows.flatMap(({ 'QUERY PLAN': [{ Plan }] }) => nodesOf(Plan));
}
