import { BlockList, isIPv4 } from 'node:net';
import { conditionKey, type ConditionKey, type ConditionOperator, type RamStatement } from '../../schema/ram-policy.js';
import type { SignedRequest } from '../signed-request.js';
import { fitsWildcard } from './wildcard.js';

/** What conditions are judged by, as texts. */
export type RamContext = Readonly<Record<ConditionKey, string>>;

/** What a request gives conditions to judge by; `now` in milliseconds since 1970. */
export function ramContext({ secure, sourceIp }: Pick<SignedRequest, 'secure' | 'sourceIp'>, now: number): RamContext {
  return {
    'acs:SourceIp': withoutMapping(sourceIp),
    'acs:CurrentTime': new Date(now).toISOString(),
    'acs:SecureTransport': String(secure),
  };
}

/** Compares what is given with one value of the condition. */
type Comparison = (given: string, value: string) => boolean;

const like: Comparison = (given, value) => fitsWildcard(value, given, '?');
const equalsIgnoreCase: Comparison = (given, value) => given.toLowerCase() === value.toLowerCase();
const within: Comparison = (given, value) => blockOf(value).check(given, isIPv4(given) ? 'ipv4' : 'ipv6');
const ordered =
  (read: (text: string) => number, holds: (given: number, value: number) => boolean): Comparison =>
  (given, value) =>
    holds(read(given), read(value));

const equal = (a: number, b: number) => a === b;
const less = (a: number, b: number) => a < b;
const atMost = (a: number, b: number) => a <= b;
const greater = (a: number, b: number) => a > b;
const atLeast = (a: number, b: number) => a >= b;

/** `opposite`: holds when the comparison holds with none of the values, instead of with one of them. */
const OPERATORS: Record<ConditionOperator, { compare: Comparison; opposite?: true }> = {
  StringEquals: { compare: Object.is },
  StringNotEquals: { compare: Object.is, opposite: true },
  StringEqualsIgnoreCase: { compare: equalsIgnoreCase },
  StringNotEqualsIgnoreCase: { compare: equalsIgnoreCase, opposite: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, opposite: true },
  NumericEquals: { compare: ordered(Number, equal) },
  NumericNotEquals: { compare: ordered(Number, equal), opposite: true },
  NumericLessThan: { compare: ordered(Number, less) },
  NumericLessThanEquals: { compare: ordered(Number, atMost) },
  NumericGreaterThan: { compare: ordered(Number, greater) },
  NumericGreaterThanEquals: { compare: ordered(Number, atLeast) },
  DateEquals: { compare: ordered(Date.parse, equal) },
  DateNotEquals: { compare: ordered(Date.parse, equal), opposite: true },
  DateLessThan: { compare: ordered(Date.parse, less) },
  DateLessThanEquals: { compare: ordered(Date.parse, atMost) },
  DateGreaterThan: { compare: ordered(Date.parse, greater) },
  DateGreaterThanEquals: { compare: ordered(Date.parse, atLeast) },
  Bool: { compare: equalsIgnoreCase },
  IpAddress: { compare: within },
  NotIpAddress: { compare: within, opposite: true },
};

/**
 * Whether all conditions of a statement hold: every operator and every key of it (AND), each with one of its values (OR).
 * What cannot be judged, because nothing here answers to its key, never lets a statement allow and never keeps one from denying.
 */
export function conditionsHold({ Condition = {}, Effect }: RamStatement, context: RamContext): boolean {
  return (Object.keys(Condition) as ConditionOperator[]).every((operator) => {
    const { compare, opposite = false } = OPERATORS[operator];
    return Object.entries(Condition[operator] ?? {}).every(([name, values]) => {
      const key = conditionKey(name);
      if (key === null) return Effect === 'Deny';
      return values.some((value) => compare(context[key], value)) !== opposite;
    });
  });
}

function blockOf(value: string): BlockList {
  const block = new BlockList();
  const [address = '', prefix] = value.split('/');
  const version = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (prefix === undefined) block.addAddress(address, version);
  else block.addSubnet(address, Number(prefix), version);
  return block;
}

/** An IPv4 client of a socket that listens to both versions arrives as `::ffff:192.0.2.1`. */
function withoutMapping(address: string): string {
  const mapped = address.replace(/^::ffff:/i, '');
  return isIPv4(mapped) ? mapped : address;
}
