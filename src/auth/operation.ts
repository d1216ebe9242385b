import { missingParameter } from '../domain/imm-error.js';
import { headerOf, valueOf, type SignedRequest } from './signed-request.js';

/** How a request is signed, by what it carries: a version 1 signature is a parameter, all others are in the Authorization header. */
export const signatureVersion = (request: SignedRequest): 1 | 3 =>
  request.headers.has('authorization') || !signatureParameter(request) ? 3 : 1;

/** Operation and version of the API that a request asks for. */
export interface Operation {
  /** For example `GetTask`. */
  action: string;
  /** For example `2020-09-30`. */
  version: string;
}

/**
 * What is asked for, read only from where the signature covers it: version 3 signs the headers `x-acs-action` and `x-acs-version`,
 * version 1 the parameters `Action` and `Version`, and headers that say otherwise beside it mean nothing.
 * @throws {ImmError} MissingParameter
 */
export function operationOf(request: SignedRequest): Operation {
  if (signatureVersion(request) === 3) {
    return { action: header(request, 'x-acs-action'), version: header(request, 'x-acs-version') };
  }
  return { action: parameter(request, 'Action'), version: parameter(request, 'Version') };
}

function header(request: SignedRequest, name: string): string {
  const value = headerOf(request, name);
  if (value === null) throw missingParameter(name);
  return value;
}

function parameter({ query, form }: SignedRequest, name: string): string {
  const value = valueOf(query, name) ?? valueOf(form, name);
  if (value === null) throw missingParameter(name);
  return value;
}

const signatureParameter = ({ query, form }: SignedRequest): boolean =>
  [query, form].some((pairs) => pairs.some(([name]) => name === 'Signature'));
