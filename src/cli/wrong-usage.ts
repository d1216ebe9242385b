import type { SecretKeyError } from '../auth/secret-key.js';
import type { ImportProblemError } from '../banks/import-problem.js';
import type { UnknownMarkError } from '../banks/simple-icons.js';
import type { InvalidConfigError } from '../config.js';
import type { InvalidOwnModelsError } from '../detectors/own-model/read-own-models.js';
import type { InvalidPolicyError } from '../policy.js';
import type { InvalidServiceConfigError } from '../service-settings.js';
import type { BankChangedError, BankExistsError, BankNotFoundError } from '../store/banks.js';
import type { UsageError } from './usage-error.js';

type WrongUsage =
  | UsageError
  | InvalidConfigError
  | InvalidPolicyError
  | InvalidOwnModelsError
  | InvalidServiceConfigError
  | SecretKeyError
  | BankExistsError
  | BankNotFoundError
  | BankChangedError
  | ImportProblemError
  | UnknownMarkError;

// By name: loading their modules, and with them detectors and YAML, would take a third of the time of a command that only reads.
const NAMES = {
  UsageError: true,
  InvalidConfigError: true,
  InvalidPolicyError: true,
  InvalidOwnModelsError: true,
  InvalidServiceConfigError: true,
  SecretKeyError: true,
  BankExistsError: true,
  BankNotFoundError: true,
  BankChangedError: true,
  ImportProblemError: true,
  UnknownMarkError: true,
} as const satisfies Record<WrongUsage['name'], true>;

/** Whether a command failed over what it was given, in its arguments, its environment or its files. */
export function isWrongUsage(error: unknown): boolean {
  return error instanceof Error && Object.hasOwn(NAMES, error.name);
}
