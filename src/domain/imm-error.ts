/** Why access was denied, in the words and keys of the wire (IMM reference, "AccessDeniedDetail"). */
export interface AccessDeniedDetail {
  /** What kind of policy denied: those of a user of the account are the only ones here. */
  PolicyType: 'AccountLevelIdentityBasedPolicy';
  AuthPrincipalType: 'SubUser' | 'AssumedRoleUser';
  /** Id of the account that the principal belongs to. */
  AuthPrincipalOwnerId: string;
  /** Name of the user. */
  AuthPrincipalDisplayName: string;
  /** The action that was asked for, for example `imm:GetTask`. */
  AuthAction: string;
  /** `ImplicitDeny`: no statement allows it. `ExplicitDeny`: a Deny statement applies. */
  NoPermissionType: 'ImplicitDeny' | 'ExplicitDeny';
}

/** What an error may carry beside status, code and message. */
export interface ImmErrorExtras {
  accessDeniedDetail?: AccessDeniedDetail;
  retryAfterMs?: number;
  cause?: unknown;
}

/**
 * Thrown for every request that is answered with an error body: status, `Code` and `Message` are what the caller sees.
 * Made by the functions of this file, one for each documented condition, so that code and status never part.
 */
export class ImmError extends Error {
  override name = 'ImmError' as const;
  /** Present on 403 only. */
  readonly accessDeniedDetail?: AccessDeniedDetail;
  /** When trying again makes sense, in milliseconds from now; goes into the header `x-acs-retry-after`. */
  readonly retryAfterMs?: number;

  constructor(
    /** HTTP status, 400-599. */
    readonly status: number,
    /** `Code` of the body, for example `InvalidArgument`. */
    readonly code: string,
    /** `Message` of the body: one sentence, never with a secret in it. */
    message: string,
    { accessDeniedDetail, retryAfterMs, cause }: ImmErrorExtras = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    if (accessDeniedDetail !== undefined) this.accessDeniedDetail = accessDeniedDetail;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** A parameter has a value that cannot be used; `message` names it and says what was expected. */
export const invalidArgument = (message: string): ImmError => new ImmError(400, 'InvalidArgument', message);

/** A parameter of the operation is absent: documented as `InvalidArgument` with this very sentence. */
export const missingArgument = (parameter: string): ImmError =>
  invalidArgument(`The parameter ${parameter} is required but not provided.`);

/** A parameter that every call carries (Action, Version, a signature header) is absent. */
export const missingParameter = (parameter: string): ImmError =>
  new ImmError(400, 'MissingParameter', `The parameter ${parameter} is mandatory for this action.`);

/** A parameter that every call carries has a value that cannot be used. */
export const invalidParameter = (parameter: string, expected: string): ImmError =>
  new ImmError(400, 'InvalidParameter', `Specified parameter ${parameter} is not valid: expected ${expected}.`);

/** A parameter that is JSON does not parse. */
export const invalidJson = (parameter: string, expected: 'array' | 'object'): ImmError =>
  new ImmError(400, 'InvalidJSON', `The parameter ${parameter} does not parse as a JSON ${expected}.`);

/** A value, or a number of resources, is above its limit; `message` names both. */
export const limitExceeded = (message: string): ImmError => new ImmError(400, 'LimitExceededError', message);

/** The headers are longer than the server reads; `message` says what was expected. */
export const tooLarge = (message: string): ImmError => new ImmError(431, 'LimitExceededError', message);

/** What arrived cannot be read; `how` completes the sentence "The request cannot be read …". */
export const unreadable = (how: string): ImmError =>
  new ImmError(400, 'InvalidRequest', `The request cannot be read ${how}.`);

/** The request did not arrive whole in time, or its connection was closed before. */
export const incompleteRequest = (): ImmError =>
  new ImmError(408, 'RequestTimeout', 'The request did not arrive whole: expected all of its headers and its body.');

/** A project or task does not exist for this account. The documented status is 400, not 404. */
export const resourceNotFound = (resource: string): ImmError =>
  new ImmError(400, 'ResourceNotFound', `The specified resource ${resource} is not found.`);

/** The task is not in a state in which this can be done with it (ours: IMM has no operation that could answer it). */
export const incorrectStatus = (message: string, cause?: unknown): ImmError =>
  new ImmError(409, 'IncorrectStatus.Task', message, { cause });

/** The access key is not known. */
export const accessKeyNotFound = (): ImmError =>
  new ImmError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');

/** The access key is known and disabled. */
export const accessKeyInactive = (): ImmError =>
  new ImmError(400, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');

/** The access key goes with a security token, and the request carries none. */
export const missingSecurityToken = (): ImmError =>
  new ImmError(400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.');

/** The request carries another security token than the access key's, or one for a key that has none. */
export const securityTokenMismatch = (): ImmError =>
  new ImmError(
    400,
    'InvalidSecurityToken.MismatchWithAccessKey',
    'Specified SecurityToken mismatch with the AccessKey.',
  );

/** The signature is not the one of this request and this key. */
export const signatureDoesNotMatch = (): ImmError =>
  new ImmError(400, 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');

/** The request is not signed, or its signature lacks a part; `what` completes the sentence "The signature …". */
export const incompleteSignature = (what: string): ImmError =>
  new ImmError(400, 'IncompleteSignature', `The signature ${what}.`);

/** The request is signed in a way that is not supported; `method` as the client named it. */
export const invalidSignatureMethod = (method: string): ImmError =>
  new ImmError(
    400,
    'InvalidSignatureMethod',
    `The signature method ${method} is not supported: expected ACS3-HMAC-SHA256 or HMAC-SHA1.`,
  );

/** The date of the request is not of the form YYYY-MM-DDThh:mm:ssZ. */
export const timestampFormat = (): ImmError =>
  new ImmError(
    400,
    'InvalidTimeStamp.Format',
    'Specified time stamp is not well formatted: expected YYYY-MM-DDThh:mm:ssZ.',
  );

/** The date of the request is too far from the clock of the server; `now` is that clock, ISO 8601. */
export const timestampExpired = (now: string): ImmError =>
  new ImmError(
    400,
    'InvalidTimeStamp.Expired',
    `Specified time stamp is expired: expected one within 15 minutes of the server's time ${now}.`,
  );

/** The request was received before. */
export const nonceUsed = (): ImmError =>
  new ImmError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');

/** The action is not an operation of this version. */
export const actionNotFound = (action: string): ImmError =>
  new ImmError(404, 'InvalidApi.NotFound', `Specified api ${action} is not found.`);

/** The version is not 2020-09-30. */
export const noSuchVersion = (version: string): ImmError =>
  new ImmError(400, 'NoSuchVersion', `Specified version ${version} does not exist: expected 2020-09-30.`);

/** The HTTP method is neither POST nor GET. */
export const unsupportedHttpMethod = (method: string): ImmError =>
  new ImmError(400, 'UnsupportedHTTPMethod', `The HTTP method ${method} is not supported: expected POST or GET.`);

/** The principal may not do this. */
export const noPermission = (detail: AccessDeniedDetail): ImmError =>
  new ImmError(403, 'NoPermission', `You are not authorized to perform ${detail.AuthAction} on this resource.`, {
    accessDeniedDetail: detail,
  });

/** What a caller has too much of: requests of its user or account (`User`), of one operation (`Api`), or of all (null). */
export type ThrottlingScope = 'User' | 'Api' | null;

/**
 * The request was refused by flow control. Clients recognise it by `Throttling` in the code, at any status.
 * @param retryAfterMs 0 or more
 */
export const throttled = (scope: ThrottlingScope, message: string, retryAfterMs: number): ImmError =>
  new ImmError(400, scope === null ? 'Throttling' : `Throttling.${scope}`, message, { retryAfterMs });

/** Something failed here that the caller cannot mend; the cause is for the log and never goes on the wire. */
export const internalError = (cause?: unknown): ImmError =>
  new ImmError(500, 'InternalError', 'The request has failed due to an internal error.', { cause });

/** What the request needs is not there for now; `retryAfterMs` from now. */
export const serviceUnavailable = (retryAfterMs: number, cause?: unknown): ImmError =>
  new ImmError(503, 'ServiceUnavailable', 'The service is unavailable for now.', { retryAfterMs, cause });
