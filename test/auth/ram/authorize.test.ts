import fc from 'fast-check';
import type { Principal } from '../../../src/auth/principal.js';
import { authorize, projectResource } from '../../../src/auth/ram/authorize.js';
import { ramContext } from '../../../src/auth/ram/conditions.js';
import { ImmError } from '../../../src/domain/imm-error.js';
import { RamPolicy } from '../../../src/schema/ram-policy.js';
import { NOW } from '../authentication.js';

const ACCOUNT = '1234567890123456';
const access = {
  action: 'imm:GetTask',
  resource: projectResource('cn-hangzhou', ACCOUNT, 'demo'),
  context: ramContext({ sourceIp: '10.1.2.3', secure: true }, NOW),
};
type Given = Record<string, unknown>;
const allow: Given = { Effect: 'Allow', Action: 'imm:*', Resource: '*' };
const deny: Given = { ...allow, Effect: 'Deny' };

const user = (...policies: Given[][]): Principal => ({
  accessKeyId: 'testid',
  accountId: ACCOUNT,
  userName: 'ann',
  temporary: false,
  policies: policies.map((Statement) => RamPolicy.parse({ Version: '1', Statement })),
});

function refusal(principal: Principal, wanted: Partial<typeof access> = {}): ImmError | null {
  try {
    authorize(principal, { ...access, ...wanted });
    return null;
  } catch (error) {
    if (error instanceof ImmError) return error;
    throw error;
  }
}
const decision = (principal: Principal, wanted: Partial<typeof access> = {}) => {
  const refused = refusal(principal, wanted);
  return refused === null ? 'allowed' : refused.accessDeniedDetail?.NoPermissionType;
};
const decide = (statements: Given[], wanted: Partial<typeof access> = {}) => decision(user(statements), wanted);

describe('a user', () => {
  test('may do nothing without a policy, what one allows with it, and nothing that any denies', () => {
    expect(decision(user())).toBe('ImplicitDeny');
    expect(decision(user([allow]))).toBe('allowed');
    expect(decision(user([allow], [deny]))).toBe('ExplicitDeny');
    expect(decision(user([deny, allow]))).toBe('ExplicitDeny');
    expect(decision(user([deny]))).toBe('ExplicitDeny');
  });

  test('is told in the words of the wire what was denied, with status 403', () => {
    expect(refusal(user())).toMatchObject({
      status: 403,
      code: 'NoPermission',
      message: expect.stringContaining('imm:GetTask'),
      accessDeniedDetail: {
        PolicyType: 'AccountLevelIdentityBasedPolicy',
        AuthPrincipalType: 'SubUser',
        AuthPrincipalOwnerId: ACCOUNT,
        AuthPrincipalDisplayName: 'ann',
        AuthAction: 'imm:GetTask',
        NoPermissionType: 'ImplicitDeny',
      },
    });
    expect(refusal({ ...user(), temporary: true })?.accessDeniedDetail?.AuthPrincipalType).toBe('AssumedRoleUser');
  });
});

test("the account's owner may do everything, whatever is denied", () => {
  expect(decision({ ...user([deny]), userName: null })).toBe('allowed');
});

const POLICY_TABLE: [what: string, statement: Given, allowed: boolean][] = [
  ['the action itself', { Action: 'imm:GetTask' }, true],
  ['the action in other letters', { Action: 'IMM:gettask' }, true],
  ['a wildcard behind', { Action: 'imm:Get*' }, true],
  ['a wildcard within', { Action: 'imm:*Task' }, true],
  ['everything', { Action: '*' }, true],
  ['one of several', { Action: ['imm:ListTasks', 'imm:GetTask'] }, true],
  ['another action', { Action: 'imm:ListTasks' }, false],
  ['an action that only begins alike', { Action: 'imm:GetTas' }, false],
  ['all actions of another service', { Action: 'oss:*' }, false],
  ['all actions but others', { Action: undefined, NotAction: ['imm:Create*'] }, true],
  ['all actions but this', { Action: undefined, NotAction: ['imm:Create*', 'imm:Get*'] }, false],
  ['the resource itself', { Resource: access.resource }, true],
  ['any region and account', { Resource: 'acs:imm:*:*:project/demo' }, true],
  ['a wildcard in the name', { Resource: 'acs:imm:*:*:project/d*o' }, true],
  ['another project', { Resource: 'acs:imm:*:*:project/demo2' }, false],
  ['the project in other letters', { Resource: 'acs:imm:*:*:project/Demo' }, false],
  ['another account', { Resource: 'acs:imm:*:999:project/*' }, false],
  ['another region', { Resource: 'acs:imm:cn-shanghai:*:*' }, false],
  ['all resources but others', { Resource: undefined, NotResource: 'acs:imm:*:*:project/other' }, true],
  ['all resources but this', { Resource: undefined, NotResource: 'acs:imm:*:*:project/de*' }, false],
];

test.each(POLICY_TABLE)('a statement about %s applies, or not: %j, %s', (_, statement, applies) => {
  expect(decide([{ ...allow, ...statement }])).toBe(applies ? 'allowed' : 'ImplicitDeny');
  expect(decide([allow, { ...deny, ...statement }])).toBe(applies ? 'ExplicitDeny' : 'allowed');
});

const ip = (operator: string, values: string | string[]) => ({ [operator]: { 'acs:SourceIp': values } });
const time = (operator: string, value: string) => ({ [operator]: { 'acs:CurrentTime': value } });
const [before, after] = ['2025-01-02T11:04:04+08:00', '2025-01-02T03:04:06Z'];
const same = '2025-01-02T11:04:05+08:00';

const CONDITION_TABLE: [condition: Given, holds: boolean][] = [
  [{}, true],
  [ip('IpAddress', '10.0.0.0/8'), true],
  [ip('IpAddress', '10.1.2.3'), true],
  [ip('IpAddress', ['192.0.2.0/24', '10.1.0.0/16']), true],
  [ip('IpAddress', '2001:db8::/32'), false],
  [ip('IpAddress', '10.2.0.0/16'), false],
  [ip('NotIpAddress', '10.2.0.0/16'), true],
  [ip('NotIpAddress', ['10.2.0.0/16', '10.1.0.0/16']), false],
  [ip('StringEquals', '10.1.2.3'), true],
  [ip('StringNotEquals', ['10.1.2.4', '10.1.2.3']), false],
  [ip('StringLike', '10.?.*'), true],
  [ip('StringLike', '10.??.*'), false],
  [ip('StringNotLike', '10.*'), false],
  [time('DateEquals', same), true],
  [time('DateNotEquals', same), false],
  [time('DateLessThan', after), true],
  [time('DateLessThan', same), false],
  [time('DateLessThanEquals', same), true],
  [time('DateLessThanEquals', before), false],
  [time('DateGreaterThan', before), true],
  [time('DateGreaterThan', same), false],
  [time('DateGreaterThanEquals', same), true],
  [time('DateGreaterThanEquals', after), false],
  [{ Bool: { 'acs:SecureTransport': 'true' } }, true],
  [{ Bool: { 'ACS:securetransport': false } }, false],
  [{ StringEqualsIgnoreCase: { 'acs:SecureTransport': 'TRUE' } }, true],
  [{ StringNotEqualsIgnoreCase: { 'acs:SecureTransport': 'TRUE' } }, false],
  [{ ...ip('IpAddress', '10.0.0.0/8'), ...time('DateLessThan', after) }, true],
  [{ ...ip('IpAddress', '10.0.0.0/8'), ...time('DateLessThan', before) }, false],
];

test.each(CONDITION_TABLE)('the condition %j holds: %s', (Condition, holds) => {
  expect(decide([{ ...allow, Condition }])).toBe(holds ? 'allowed' : 'ImplicitDeny');
  expect(decide([allow, { ...deny, Condition }])).toBe(holds ? 'ExplicitDeny' : 'allowed');
});

test('an IPv4 client is the same whether its socket knows IPv6 or not, and IPv6 blocks hold', () => {
  const from = (sourceIp: string) => ({ context: ramContext({ sourceIp, secure: false }, NOW) });
  const within = (block: string) => [{ ...allow, Condition: ip('IpAddress', block) }];
  expect(decide(within('10.0.0.0/8'), from('::ffff:10.1.2.3'))).toBe('allowed');
  expect(decide(within('2001:db8::/32'), from('2001:db8::7'))).toBe('allowed');
  expect(decide(within('2001:db8::/32'), from('2001:db9::7'))).toBe('ImplicitDeny');
});

test('a condition that cannot be judged never allows and always denies', () => {
  const unknown = (statement: Given) => {
    const principal = user([allow]);
    const [parsed] = user([statement]).policies;
    parsed!.Statement[0]!.Condition = { Bool: { 'acs:MFAPresent': ['true'] } };
    return { ...principal, policies: [parsed!] };
  };
  expect(decision(unknown(allow))).toBe('ImplicitDeny');
  expect(decision(unknown(deny))).toBe('ExplicitDeny');
});

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.constantFrom('imm:*', 'imm:Get*', 'imm:ListTasks', 'oss:*'),
  Resource: fc.constantFrom('*', 'acs:imm:*:*:project/demo', 'acs:imm:*:*:project/o*'),
});

describe('of any statements', () => {
  test('the order and how they are spread over policies decide nothing', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6, minLength: 1 }), fc.nat(5), (statements, at) => {
        const expected = decide(statements);
        expect(decide([...statements].reverse())).toBe(expected);
        const [some, others] = [statements.slice(0, at), statements.slice(at)].filter((part) => part.length > 0);
        expect(decision(user(...[some, others].filter((part) => part !== undefined)))).toBe(expected);
      }),
    );
  });

  test('one more Deny never allows, and one more Allow never takes away or lifts a Deny', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), statement, (statements, more) => {
        const [without, expected] = [decide(statements), decide([...statements, more])];
        if (more.Effect === 'Deny') expect(without === expected || expected === 'ExplicitDeny').toBe(true);
        else expect(without === expected || (without === 'ImplicitDeny' && expected === 'allowed')).toBe(true);
      }),
    );
  });

  test('nothing is allowed that no Allow mentions', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), (statements) => {
        fc.pre(statements.every(({ Effect, Action }) => Effect === 'Deny' || Action === 'oss:*'));
        expect(decide(statements)).not.toBe('allowed');
      }),
    );
  });
});
