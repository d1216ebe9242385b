import type { z } from 'zod';
import type { Pair } from '../../auth/signed-request.js';
import { valueAt } from '../../domain/value-at.js';
import { invalidArgument, invalidJson, limitExceeded, missingArgument } from '../../domain/imm-error.js';

/**
 * Parameters of one call: those of the query, then those of the form. Arrays and objects arrive as JSON in one parameter.
 * Every reader throws an ImmError that names the parameter, what was expected and what was received.
 */
export class Parameters {
  readonly #values = new Map<string, string>();

  constructor(pairs: readonly Pair[]) {
    for (const [name, value] of pairs) {
      const known = this.#values.get(name);
      if (known !== undefined && known !== value)
        throw invalidArgument(`Expected the parameter ${shown(name)} once, got it with two values.`);
      // No engine keeps or looks for it.
      if (value.includes('\0')) throw invalidArgument(`Expected the parameter ${shown(name)} without the sign U+0000.`);
      this.#values.set(name, value);
    }
  }

  /** `undefined` where the parameter is absent; an empty one counts as absent. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === '' ? undefined : value;
  }

  /** @throws {ImmError} when it is absent */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missingArgument(name);
    return value;
  }

  /** A text of at most so many bytes of UTF-8; empty when absent. */
  boundedText(name: string, maxBytes: number): string {
    const value = this.text(name) ?? '';
    const bytes = Buffer.byteLength(value);
    if (bytes > maxBytes) throw limitExceeded(`Expected ${name} of at most ${maxBytes} bytes, got ${bytes}.`);
    return value;
  }

  integer(name: string, { min, max, fallback }: { min: number; max: number; fallback: number }): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw invalidArgument(`Expected ${name} to be a whole number from ${min} to ${max}, got ${shown(text)}.`);
  }

  /** Python writes `True`, others `true`. */
  boolean(name: string, fallback: boolean): boolean {
    const text = this.text(name);
    if (text === undefined) return fallback;
    if (/^true$/i.test(text)) return true;
    if (/^false$/i.test(text)) return false;
    throw invalidArgument(`Expected ${name} to be true or false, got ${shown(text)}.`);
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = known.find((each) => each === text);
    if (found === undefined)
      throw invalidArgument(`Expected ${name} to be one of ${known.join(', ')}, got ${shown(text)}.`);
    return found;
  }

  requiredOneOf<T extends string>(name: string, known: readonly T[]): T {
    const found = this.oneOf(name, known);
    if (found === undefined) throw missingArgument(name);
    return found;
  }

  /** A JSON parameter of this shape. */
  json<T>(name: string, kind: 'array' | 'object', shape: z.ZodType<T>): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (
      value === undefined ||
      Array.isArray(value) !== (kind === 'array') ||
      typeof value !== 'object' ||
      value === null
    )
      throw invalidJson(name, kind);
    const parsed = shape.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const path = [name, ...(issue?.path ?? [])].join('.');
    const message = issue?.message ?? 'expected another value';
    const got = /^expected /i.test(message) ? `, got ${received(valueAt(value, issue?.path ?? []))}` : '';
    throw invalidArgument(`The parameter ${path} is not valid: ${message}${got}.`);
  }

  /** All parameters that are given, for the record of what was asked; `without` leaves some out. */
  given(without: readonly string[] = []): Record<string, string> {
    return Object.fromEntries([...this.#values].filter(([name, value]) => value !== '' && !without.includes(name)));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function received(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}

/** A received value as an error message may show it: quoted, and not without end. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
