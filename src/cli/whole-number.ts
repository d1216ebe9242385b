import { InvalidArgumentError } from 'commander';

/** An argument that is a whole number. @throws {InvalidArgumentError} */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`Expected a whole number, got ${text}.`);
  return Number(text);
}
