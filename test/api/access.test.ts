import {
  CLIENTS,
  immClient,
  refusalOf,
  type Body,
  type ClientName,
  type ImmClientError,
} from '../support/imm-client.js';
import { ACCOUNT, openService, PROJECT, type TestService } from '../support/service.js';
import { signV1, signV3 } from '../support/sign-request.js';
import type { AccessKey } from '../../src/store/access-keys.js';
import { bytesOf, sendBytes, type RawAnswer } from './raw-http.js';

const OTHER = '999';
const policy = (...statements: object[]) => [{ Version: '1', Statement: statements }];
const allow = (more: object) => ({ Effect: 'Allow', Action: 'imm:*', Resource: '*', ...more });
const fromAddress = (block: string) => ({ Condition: { IpAddress: { 'acs:SourceIp': block } } });

const USERS = {
  nobody: [],
  reader: policy(
    allow({ Action: ['imm:Get*', 'imm:ListTasks'], Resource: `acs:imm:local:${ACCOUNT}:project/${PROJECT}` }),
  ),
  elsewhere: policy(allow({ Resource: 'acs:imm:*:*:project/else*' })),
  forbidden: policy(allow({}), { Effect: 'Deny', Action: 'imm:List*', Resource: 'acs:imm:*:*:project/de*' }),
  near: policy(allow(fromAddress('127.0.0.0/8'))),
  far: policy(allow(fromAddress('10.0.0.0/8'))),
};

let service: TestService;
beforeAll(async () => {
  const users = Object.entries(USERS).map(([name, policies]) => ({ name, policies }));
  const limits = { requestsPerSecond: 100_000 };
  service = await openService({
    accounts: [
      { id: ACCOUNT, users },
      { id: OTHER, users: [{ name: 'ann', policies: policy(allow({})) }, { name: 'bob' }] },
    ],
    projects: [
      { name: PROJECT, account: ACCOUNT, limits },
      { name: 'theirs', account: OTHER, limits },
      { name: 'slow', account: ACCOUNT, limits: { requestsPerSecond: 1 } },
      { name: 'full', account: ACCOUNT, limits: { ...limits, openTasks: 1 } },
    ],
  });
});
afterAll(async () => {
  await service.close();
});

const as = (key: Pick<AccessKey, 'accessKeyId' | 'secret' | 'securityToken'>, name?: ClientName) =>
  immClient({ endpoint: service.endpoint, key }, name);
const user = async (userName: keyof typeof USERS) => as(await service.newKey({ userName }));
const video = (ProjectName: string) => ({ ProjectName, SourceURI: 'oss://samples/cockatoo.mp4' });
const LIST = { ProjectName: PROJECT };
const GET = { ...LIST, TaskType: 'VideoModeration', TaskId: 'VideoModeration-none' };
const isoNow = () => `${new Date().toISOString().slice(0, 19)}Z`;
const answered = (answer: RawAnswer | string): RawAnswer & { json: Body } => {
  if (typeof answer === 'string') throw new Error(answer);
  return { ...answer, json: JSON.parse(answer.body) as Body };
};

describe('policies', () => {
  test.each(CLIENTS)('a user without one is refused, and %s is told why', async (name) => {
    const error = await refusalOf(as(await service.newKey({ userName: 'nobody' }), name)('ListTasks', LIST));
    expect(error).toMatchObject({
      code: 'NoPermission',
      statusCode: 403,
      accessDeniedDetail: {
        PolicyType: 'AccountLevelIdentityBasedPolicy',
        AuthPrincipalType: 'SubUser',
        AuthPrincipalOwnerId: ACCOUNT,
        AuthPrincipalDisplayName: 'nobody',
        AuthAction: 'imm:ListTasks',
        NoPermissionType: 'ImplicitDeny',
      },
    });
  });

  test('a user whom the configuration does not name may do nothing', async () => {
    const call = as(await service.newKey({ userName: 'gone' }));
    expect((await refusalOf(call('ListTasks', LIST))).code).toBe('NoPermission');
  });

  test('a wildcard allows the operations that it fits, and no others', async () => {
    const call = await user('reader');
    expect(await call('ListTasks', LIST)).toMatchObject(LIST);
    expect((await refusalOf(call('GetTask', GET))).code).toBe('ResourceNotFound');
    expect((await refusalOf(call('CreateVideoModerationTask', video(PROJECT)))).code).toBe('NoPermission');
    expect((await refusalOf(call('ListTasks', { ProjectName: 'slow' }))).code).toBe('NoPermission');
    expect((await refusalOf((await user('elsewhere'))('ListTasks', LIST))).code).toBe('NoPermission');
  });

  test('what is denied stays denied beside what allows everything', async () => {
    const call = await user('forbidden');
    const error = await refusalOf(call('ListTasks', LIST));
    expect(error.accessDeniedDetail).toMatchObject({ NoPermissionType: 'ExplicitDeny' });
    expect(await call('ListTasks', { ProjectName: 'full' })).toMatchObject({ ProjectName: 'full' });
    expect(await call('CreateVideoModerationTask', video(PROJECT))).toHaveProperty('TaskId');
  });

  test('an address decides where a condition asks for it', async () => {
    expect(await (await user('near'))('ListTasks', LIST)).toMatchObject(LIST);
    expect((await refusalOf((await user('far'))('ListTasks', LIST))).code).toBe('NoPermission');
  });
});

describe("another account's project", () => {
  const refusals = async (key: AccessKey) => {
    const call = as(key);
    const of = async (project: string) => {
      const { code, message, data } = await refusalOf(call('ListTasks', { ProjectName: project }));
      const told = JSON.stringify([code, message, data?.['Message']]);
      return told.replaceAll(project, 'P').replaceAll(/[0-9A-F]{8}-[0-9A-F-]{27}/g, 'id');
    };
    return { theirs: await of(PROJECT), none: await of('no-such-project') };
  };

  test.each([
    ['the owner', null, 'ResourceNotFound'],
    ['a user who may do everything', 'ann', 'ResourceNotFound'],
    ['a user who may do nothing', 'bob', 'NoPermission'],
  ])('looks to %s of an account like one that does not exist', async (_who, userName, code) => {
    const key = await service.newKey({ accountId: OTHER, ...(userName === null ? {} : { userName }) });
    const { theirs, none } = await refusals(key);
    expect(theirs).toBe(none);
    expect(theirs).toContain(code);
  });

  test('hides its tasks from those who know their ids', async () => {
    const { TaskId } = await as(service.key)('CreateVideoModerationTask', video(PROJECT));
    const named = { ProjectName: 'theirs', TaskType: 'VideoModeration', TaskId: String(TaskId) };
    const call = as(await service.newKey({ accountId: OTHER }));
    expect((await refusalOf(call('GetVideoModerationResult', named))).code).toBe('ResourceNotFound');
    expect((await refusalOf(call('GetTask', named))).code).toBe('ResourceNotFound');
  });
});

describe('access keys', () => {
  test.each(CLIENTS)('%s calls with a security token, and only with it', async (name) => {
    const key = await service.newKey({ temporary: true });
    expect(await as(key, name)('ListTasks', LIST)).toMatchObject(LIST);
    const code = async (securityToken: string | null) =>
      (await refusalOf(as({ ...key, securityToken }, name)('ListTasks', LIST))).code;
    expect(await code(null)).toBe('MissingSecurityToken');
    expect(await code('another')).toBe('InvalidSecurityToken.MismatchWithAccessKey');
  });

  test('a user with a token is a role where access is denied', async () => {
    const call = as(await service.newKey({ userName: 'nobody', temporary: true }));
    expect((await refusalOf(call('ListTasks', LIST))).accessDeniedDetail).toMatchObject({
      AuthPrincipalType: 'AssumedRoleUser',
    });
  });

  test('one that is disabled is refused within a second or so, also when it was just used', async () => {
    const key = await service.newKey({});
    const call = as(key);
    expect(await call('ListTasks', LIST)).toMatchObject(LIST);
    await service.disable(key.accessKeyId);
    const codes = new Set<string>();
    for (let tries = 0; tries < 100 && !codes.has('InvalidAccessKeyId.Inactive'); tries++) {
      await call('ListTasks', LIST).catch((error: unknown) => codes.add((error as ImmClientError).code));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect([...codes]).toEqual(['InvalidAccessKeyId.Inactive']);
  });
});

describe.each([
  ['V3', signV3],
  ['V1', signV1],
])('the same bytes with a signature of %s', (_version, sign) => {
  test('create one task, also when the service was started anew in between', async () => {
    const asked = sign(service.key, { action: 'CreateVideoModerationTask', date: isoNow(), query: video(PROJECT) });
    const bytes = bytesOf(asked);
    expect(answered(await sendBytes(service.endpoint, bytes)).json).toHaveProperty('TaskId');
    const again = answered(await sendBytes(service.endpoint, bytes));
    expect([again.status, again.json['Code']]).toEqual([400, 'SignatureNonceUsed']);
    await service.restart();
    expect(answered(await sendBytes(service.endpoint, bytes)).json).toMatchObject({ Code: 'SignatureNonceUsed' });
  });

  test('arriving at once, create one task', async () => {
    const bytes = bytesOf(
      sign(service.key, { action: 'CreateVideoModerationTask', date: isoNow(), form: video(PROJECT) }),
    );
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendBytes(service.endpoint, bytes)));
    const codes = answers.map((answer) => answered(answer).json['Code'] ?? 'created').sort();
    expect(codes).toEqual([...Array.from({ length: 7 }, () => 'SignatureNonceUsed'), 'created']);
  });
});

describe('limits of a project', () => {
  const signedBytes = (action: string, query: Record<string, string>) =>
    bytesOf(signV3(service.key, { action, date: isoNow(), query }));

  test('what comes faster is throttled, told when to come again, and other projects are served', async () => {
    const slow = { ProjectName: 'slow' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () =>
        answered(await sendBytes(service.endpoint, signedBytes('ListTasks', slow))),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(answers.length - refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ status, json }) => `${status} ${String(json['Code'])}`))).toEqual(
      new Set(['400 Throttling.User']),
    );
    // Milliseconds until the next one is let through: at most a second at one a second.
    for (const { headers } of refused) {
      expect(Number(headers.get('x-acs-retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('x-acs-retry-after'))).toBeLessThanOrEqual(1000);
    }
    expect(await as(service.key)('ListTasks', LIST)).toMatchObject(LIST);
  });

  test('more open tasks than it may have are throttled, and reading is not', async () => {
    const call = as(service.key);
    // No worker is there that would record it.
    expect(await call('CreateVideoModerationTask', video('full'))).toHaveProperty('TaskId');
    const error = await refusalOf(call('CreateVideoModerationTask', video('full')));
    expect(error).toMatchObject({ code: 'Throttling.User', statusCode: 400 });
    const answer = answered(await sendBytes(service.endpoint, signedBytes('CreateVideoModerationTask', video('full'))));
    expect(Number(answer.headers.get('x-acs-retry-after'))).toBeGreaterThan(0);
    expect(await call('ListTasks', { ProjectName: 'full' })).toMatchObject({ ProjectName: 'full' });
    expect(await call('CreateVideoModerationTask', video(PROJECT))).toHaveProperty('TaskId');
  });
});

test('every request is counted by operation and code, and others by no name of their own', async () => {
  await sendBytes(service.endpoint, bytesOf(signV3(service.key, { action: 'Invented', date: isoNow(), query: LIST })));
  await as(service.key)('ListTasks', LIST);
  const text = await (await fetch(`http://${service.endpoint}/metrics`)).text();
  expect(text).toMatch(/^framewarden_request_seconds_count\{operation="ListTasks",code="OK"\} \d+$/m);
  expect(text).toMatch(/^framewarden_request_seconds_count\{operation="other",code="InvalidApi.NotFound"\} 1$/m);
  expect(text).not.toContain('Invented');
});
