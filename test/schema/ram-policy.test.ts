import { RamPolicy } from '../../src/schema/ram-policy.js';

/** Complaints about a policy of one statement. */
function complaints(statement: Record<string, unknown>, version: unknown = '1'): string[] {
  const parsed = RamPolicy.safeParse({ Version: version, Statement: [statement] });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
const allow = { Effect: 'Allow', Action: 'imm:*', Resource: '*' };
const given = (Condition: unknown, more = {}) => complaints({ ...allow, Condition, ...more });

test('one value and a list of one are the same, and numbers and booleans mean their text', () => {
  const Condition = { Bool: { 'acs:SecureTransport': true }, IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } };
  const policy = RamPolicy.parse({ Version: '1', Statement: [{ ...allow, Condition }] });
  expect(policy.Statement[0]).toEqual({
    Effect: 'Allow',
    Action: ['imm:*'],
    Resource: ['*'],
    Condition: { Bool: { 'acs:SecureTransport': ['true'] }, IpAddress: { 'acs:SourceIp': ['10.0.0.0/8'] } },
  });
});

test('the system policy for everything is taken as it is published, conditions on other services included', () => {
  const statements = [
    { Effect: 'Allow', Action: 'imm:*', Resource: '*' },
    { Effect: 'Allow', Action: ['oss:ListBuckets', 'ram:ListRoles'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'ram:PassRole',
      Resource: '*',
      Condition: { StringEquals: { 'acs:Service': 'imm.aliyuncs.com' } },
    },
  ];
  expect(RamPolicy.safeParse({ Version: '1', Statement: statements })).toMatchObject({ success: true });
});

test.each([
  ['a version that is a number', complaints(allow, 1), /^Version: expected the text "1"/],
  ['an unknown effect', complaints({ ...allow, Effect: 'allow' }), /^Statement\.0\.Effect/],
  ['an element of another kind of policy', complaints({ ...allow, Principal: '*' }), /Principal/],
  ['no action', complaints({ Effect: 'Allow', Resource: '*' }), /either Action or NotAction/],
  ['both actions', complaints({ ...allow, NotAction: 'imm:GetTask' }), /either Action or NotAction/],
  ['no resource', complaints({ Effect: 'Allow', Action: 'imm:*' }), /either Resource or NotResource/],
  ['an empty list', complaints({ ...allow, Action: [] }), /Action: expected/],
  ['an action without a service', complaints({ ...allow, Action: 'GetTask' }), /expected actions such as imm:GetTask/],
  ['a resource with too few parts', complaints({ ...allow, Resource: 'acs:imm:*:*' }), /expected resources such as/],
  ['an unknown operator', given({ StringMatches: { 'acs:SourceIp': 'x' } }), /StringMatches|Condition/],
  ['a key nothing answers to', given({ Bool: { 'acs:MFAPresent': 'true' } }), /expected one of acs:SourceIp, /],
  ['an operator that does not fit', given({ NumericEquals: { 'acs:SourceIp': '1' } }), /acs:SourceIp can be compared/],
  ['no address', given({ IpAddress: { 'acs:SourceIp': '10.0.0.256' } }), /expected an IP address.*10\.0\.0\.256/],
  ['a block too narrow', given({ IpAddress: { 'acs:SourceIp': '10.0.0.0/33' } }), /expected an IP address/],
  ['an instant without a zone', given({ DateLessThan: { 'acs:CurrentTime': '2026-01-31T08:00:00' } }), /instant/],
  ['neither true nor false', given({ Bool: { 'acs:SecureTransport': 'yes' } }), /true or false/],
  [
    'an unknown key where actions are excluded',
    given({ Bool: { 'acs:MFAPresent': 'true' } }, { Action: undefined, NotAction: 'oss:*' }),
    /expected one of/,
  ],
])('%s is refused, saying what was expected', (_, found, said) => {
  expect(found).toEqual([expect.stringMatching(said)]);
});

test('whatever may match an action of ours counts as such', () => {
  for (const [Action, complains] of [
    ['*', true],
    ['i*:GetTask', true],
    ['IMM:GetTask', true],
    ['imm*:x', true],
    ['oss:*', false],
    ['immx:*', false],
  ] as const)
    expect([Action, given({ Bool: { 'acs:MFAPresent': 'true' } }, { Action }).length > 0]).toEqual([Action, complains]);
});
