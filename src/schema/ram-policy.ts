import { isIP } from 'node:net';
import { z } from 'zod';

/** Kinds of values that conditions compare. */
export type ConditionKind = 'String' | 'Numeric' | 'Date' | 'Bool' | 'Ip';

/** Every operator of a condition, by the kind of value that it compares (IMM reference, "RAM policies"). */
export const CONDITION_OPERATORS = {
  StringEquals: 'String',
  StringNotEquals: 'String',
  StringEqualsIgnoreCase: 'String',
  StringNotEqualsIgnoreCase: 'String',
  StringLike: 'String',
  StringNotLike: 'String',
  NumericEquals: 'Numeric',
  NumericNotEquals: 'Numeric',
  NumericLessThan: 'Numeric',
  NumericLessThanEquals: 'Numeric',
  NumericGreaterThan: 'Numeric',
  NumericGreaterThanEquals: 'Numeric',
  DateEquals: 'Date',
  DateNotEquals: 'Date',
  DateLessThan: 'Date',
  DateLessThanEquals: 'Date',
  DateGreaterThan: 'Date',
  DateGreaterThanEquals: 'Date',
  Bool: 'Bool',
  IpAddress: 'Ip',
  NotIpAddress: 'Ip',
} as const satisfies Record<string, ConditionKind>;
export type ConditionOperator = keyof typeof CONDITION_OPERATORS;

/** What conditions may ask about, and the kinds of operators that make sense of it; IMM defines no keys of its own. */
const CONDITION_KEYS = {
  'acs:SourceIp': ['Ip', 'String'],
  'acs:CurrentTime': ['Date', 'String'],
  'acs:SecureTransport': ['Bool', 'String'],
} as const satisfies Record<string, readonly ConditionKind[]>;
export type ConditionKey = keyof typeof CONDITION_KEYS;

/** ISO 8601 with its offset from UTC, without which an instant is anybody's guess. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

const KINDS: Record<ConditionKind, { expected: string; accepts: (value: string) => boolean }> = {
  String: { expected: 'a text', accepts: () => true },
  Numeric: { expected: 'a number', accepts: (value) => /^-?\d+(\.\d+)?$/.test(value) },
  Date: {
    expected: 'an instant such as 2026-01-31T08:00:00+08:00',
    accepts: (value) => INSTANT.test(value) && !Number.isNaN(Date.parse(value)),
  },
  Bool: { expected: 'true or false', accepts: (value) => /^(true|false)$/i.test(value) },
  Ip: { expected: 'an IP address or a block such as 10.0.0.0/8', accepts: isAddressBlock },
};

const NOT_EMPTY = 'expected a list that is not empty';
const patterns = z
  .union([z.string(), z.array(z.string()).min(1, NOT_EMPTY)], 'expected a text or a list of texts')
  .transform((given) => (typeof given === 'string' ? [given] : given));
const actions = patterns.refine(
  (list) => list.every((action) => action === '*' || /^[\w*-]+:[\w*]+$/.test(action)),
  'expected actions such as imm:GetTask, imm:Get* or *',
);
const resources = patterns.refine(
  (list) => list.every((resource) => resource === '*' || /^acs:[^:]*:[^:]*:[^:]*:.+$/.test(resource)),
  'expected resources such as acs:imm:*:*:project/*, or *',
);
/** Numbers and booleans are documented as quoted; unquoted ones mean the same. */
const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z
  .union([conditionValue, z.array(conditionValue).min(1, NOT_EMPTY)], 'expected a value or a list of values')
  .transform((given) => (typeof given === 'string' ? [given] : given));

const Statement = z
  .strictObject({
    Effect: z.enum(['Allow', 'Deny']),
    Action: actions.optional(),
    NotAction: actions.optional(),
    Resource: resources.optional(),
    NotResource: resources.optional(),
    Condition: z
      .partialRecord(
        z.enum(Object.keys(CONDITION_OPERATORS) as ConditionOperator[]),
        z.record(z.string(), conditionValues),
      )
      .optional(),
  })
  .superRefine((statement, context) => {
    const complain = (message: string, path: PropertyKey[] = []) => {
      context.addIssue({ code: 'custom', message, path });
    };
    for (const [one, other] of [
      ['Action', 'NotAction'],
      ['Resource', 'NotResource'],
    ] as const)
      if ((statement[one] === undefined) === (statement[other] === undefined))
        complain(`expected either ${one} or ${other}`);
    const concernsUs = statement.NotAction !== undefined || statement.Action?.some(mayBeOurs) === true;
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      const kind = CONDITION_OPERATORS[operator as ConditionOperator];
      for (const [key, values] of Object.entries(keys)) {
        const path = ['Condition', operator, key];
        // What other services ask about is none of our business; an own statement that could not be judged must not be taken for one that is.
        if (concernsUs && !kindsOf(key)?.includes(kind)) complain(keyComplaint(key, kind), path);
        const wrong = values.find((value) => !KINDS[kind].accepts(value));
        if (wrong !== undefined) complain(`expected ${KINDS[kind].expected}, got ${JSON.stringify(wrong)}`, path);
      }
    }
  });

/** A policy document of RAM: who it is attached to may do what a statement allows and none denies. */
export const RamPolicy = z.strictObject({
  Version: z.literal('1', 'expected the text "1"'),
  Statement: z.array(Statement).min(1),
});
export type RamPolicy = z.infer<typeof RamPolicy>;
export type RamStatement = RamPolicy['Statement'][number];

/** Kinds of operators for a key, whose name is not case-sensitive; `undefined` for one that nothing here answers to. */
function kindsOf(key: string): readonly ConditionKind[] | undefined {
  const name = conditionKey(key);
  return name === null ? undefined : CONDITION_KEYS[name];
}

/** The key of this name in its usual spelling; `null` when there is none. */
export function conditionKey(name: string): ConditionKey | null {
  const keys = Object.keys(CONDITION_KEYS) as ConditionKey[];
  return keys.find((key) => key.toLowerCase() === name.toLowerCase()) ?? null;
}

function keyComplaint(key: string, kind: ConditionKind): string {
  if (kindsOf(key) === undefined)
    return `expected one of ${Object.keys(CONDITION_KEYS).join(', ')}, got ${JSON.stringify(key)}`;
  return `expected an operator that ${key} can be compared by, got a ${kind} one`;
}

/** Whether a pattern may match an action of this service. */
function mayBeOurs(action: string): boolean {
  const [service = ''] = action.toLowerCase().split(':');
  const [fixed = ''] = service.split('*');
  return service.includes('*') ? 'imm'.startsWith(fixed) : service === 'imm';
}

function isAddressBlock(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
