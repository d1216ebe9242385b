import type { ConsoleErrorCode } from '../../schema/console/session.js';

/** The status that goes with each code. */
const STATUS = {
  InvalidRequest: 400,
  SignInRequired: 401,
  SignInRefused: 401,
  TooManyAttempts: 429,
  CsrfRefused: 403,
  Forbidden: 403,
  NotFound: 404,
  LinkUsed: 410,
  MemberExists: 409,
  LastAdmin: 409,
  ReviewRefused: 409,
  ClaimLost: 409,
  QueueEmpty: 404,
  BudgetSpent: 403,
  PolicyChanged: 409,
  SourceUnavailable: 404,
  TemporalUnavailable: 503,
  InternalError: 500,
} as const satisfies Record<ConsoleErrorCode, number>;

/** Thrown for every request of the console that is answered with an error: the message is shown to people. */
export class ConsoleProblem extends Error {
  override name = 'ConsoleProblem' as const;
  readonly status: number;

  constructor(
    readonly code: ConsoleErrorCode,
    /** One sentence, never with a secret in it. */
    message: string,
    /** When trying again makes sense, in seconds from now. */
    readonly retryAfterS?: number,
  ) {
    super(message);
    this.status = STATUS[code];
  }
}
