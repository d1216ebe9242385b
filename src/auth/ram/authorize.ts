import { noPermission } from '../../domain/imm-error.js';
import type { RamStatement } from '../../schema/ram-policy.js';
import type { Principal } from '../principal.js';
import { conditionsHold, type RamContext } from './conditions.js';
import { fitsResource, fitsWildcard } from './wildcard.js';

/** What a principal wants to do. */
export interface RamAccess {
  /** For example `imm:GetTask`. */
  action: string;
  /** For example `acs:imm:cn-hangzhou:1234567890123456:project/demo`. */
  resource: string;
  context: RamContext;
}

/** The name of a project as policies know it. */
export const projectResource = (region: string, accountId: string, project: string): string =>
  `acs:imm:${region}:${accountId}:project/${project}`;

/**
 * Lets through what a statement allows and none denies: a Deny wins over every Allow, and what no statement mentions is denied.
 * The account's owner needs no policy, and none holds for it.
 * @throws {ImmError} NoPermission
 */
export function authorize(principal: Principal, access: RamAccess): void {
  const { accountId, userName, temporary, policies } = principal;
  if (userName === null) return;
  const applying = policies.flatMap(({ Statement }) => Statement).filter((statement) => applies(statement, access));
  const denied = applying.some(({ Effect }) => Effect === 'Deny');
  if (!denied && applying.length > 0) return;
  throw noPermission({
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    AuthPrincipalType: temporary ? 'AssumedRoleUser' : 'SubUser',
    AuthPrincipalOwnerId: accountId,
    AuthPrincipalDisplayName: userName,
    AuthAction: access.action,
    NoPermissionType: denied ? 'ExplicitDeny' : 'ImplicitDeny',
  });
}

function applies(statement: RamStatement, { action, resource, context }: RamAccess): boolean {
  const { Action, NotAction = [], Resource, NotResource = [] } = statement;
  const isAction = (pattern: string) => fitsWildcard(pattern.toLowerCase(), action.toLowerCase());
  const isResource = (pattern: string) => fitsResource(pattern, resource);
  return (
    (Action?.some(isAction) ?? !NotAction.some(isAction)) &&
    (Resource?.some(isResource) ?? !NotResource.some(isResource)) &&
    conditionsHold(statement, context)
  );
}
