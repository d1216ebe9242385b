import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { CircuitOpenError } from '../detectors/own-model/circuit.js';
import { OF_THE_WORKER, TOLD, UNTOLD, WORKERS_TRIED } from './faults.js';

type AsyncFunctions = Record<string, (input: never) => Promise<unknown>>;

/** The same activities, failing with Temporal's own failures: the one place where errors are told apart. */
export function inActivity<A extends AsyncFunctions>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never): Promise<unknown> => {
      try {
        return await activity(input);
      } catch (error) {
        throw asFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}

function asFailure(error: unknown): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (!(error instanceof Error)) return error;
  if (isPermanent(error.name)) {
    const type = TOLD[error.name] ?? error.name;
    return ApplicationFailure.create({ message: error.message, type, nonRetryable: true, cause: error });
  }
  if (!(error instanceof CircuitOpenError)) return error;
  // An attempt before that would find nothing else.
  const { message, name, retryAfterMs } = error;
  return ApplicationFailure.create({ message, type: name, nextRetryDelay: retryAfterMs, cause: error });
}

function isPermanent(name: string): boolean {
  if (OF_THE_WORKER.has(name)) return Context.current().info.attempt >= WORKERS_TRIED;
  return name in TOLD || UNTOLD.has(name);
}
