import fc from 'fast-check';
import { immClient } from '../support/imm-client.js';
import { ACCOUNT, openService, PROJECT, type TestService } from '../support/service.js';
import { samplePath } from '../support/installation.js';
import { malformed, type Keys } from './malformed.js';
import { sendBytes, type RawAnswer } from './raw-http.js';

const SEED = 20_200_930;
/** Enough that every refusal is met many times over; more by the variable. */
const REQUESTS = Number(process.env['FRAMEWARDEN_REQUESTS'] ?? 2000);
const AT_ONCE = 16;

/** Codes of refusals and the statuses that they come with. */
const DOCUMENTED: Readonly<Record<string, readonly number[]>> = {
  InvalidArgument: [400],
  InvalidJSON: [400],
  InvalidParameter: [400],
  InvalidRequest: [400],
  MissingParameter: [400],
  LimitExceededError: [400, 431],
  RequestTimeout: [408],
  ResourceNotFound: [400],
  'InvalidAccessKeyId.NotFound': [404],
  'InvalidAccessKeyId.Inactive': [400],
  MissingSecurityToken: [400],
  'InvalidSecurityToken.MismatchWithAccessKey': [400],
  SignatureDoesNotMatch: [400],
  SignatureNonceUsed: [400],
  IncompleteSignature: [400],
  InvalidSignatureMethod: [400],
  'InvalidTimeStamp.Format': [400],
  'InvalidTimeStamp.Expired': [400],
  'InvalidApi.NotFound': [404],
  NoSuchVersion: [400],
  UnsupportedHTTPMethod: [400],
  NoPermission: [403],
};
/** Longest refusal that is of use to anybody. */
const MOST_BODY = 2000;

let service: TestService;
let keys: Keys;
beforeAll(async () => {
  service = await openService({
    listen: { port: 0, trustedProxies: ['127.0.0.1'] },
    accounts: [{ id: ACCOUNT, users: [{ name: 'nobody' }] }],
    sources: {
      buckets: [{ match: 'samples', directory: samplePath('') }],
      https: { enabled: true },
      fileRoots: [samplePath('')],
    },
  });
  keys = {
    good: service.key,
    disabled: await service.newKey({}),
    temporary: await service.newKey({ temporary: true }),
    powerless: await service.newKey({ userName: 'nobody' }),
  };
  await service.disable(keys.disabled.accessKeyId);
});
afterAll(async () => {
  await service.close();
});

/** What is wrong with an answer; `null`: it is a documented refusal. */
function faultOf(answer: RawAnswer | string): string | null {
  if (typeof answer === 'string') return answer;
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(answer.body) as Record<string, unknown>;
  } catch {
    return `no JSON: ${answer.status} ${answer.body.slice(0, 200)}`;
  }
  const { RequestId, HostId, Code, Message } = body;
  const isWhole =
    /^[0-9A-F-]{36}$/.test(String(RequestId)) &&
    answer.headers.get('x-acs-request-id') === RequestId &&
    typeof HostId === 'string' &&
    typeof Message === 'string' &&
    Message !== '' &&
    DOCUMENTED[String(Code)]?.includes(answer.status) === true;
  const tellsInsides = /\n\s+at |node_modules|\.[jt]s:\d|FST_ERR|HPE_/.test(answer.body);
  return isWhole && !tellsInsides && answer.body.length <= MOST_BODY
    ? null
    : `${answer.status} ${answer.body.slice(0, 400)} (${answer.body.length} characters)`;
}

test(`${REQUESTS} malformed requests (seed ${SEED}) are each refused with a documented error, and nothing failed inside`, async () => {
  const requests = fc.sample(malformed(keys), { seed: SEED, numRuns: REQUESTS });
  const faults: string[] = [];
  const codes = new Map<string, number>();
  const waiting = requests.values();
  const sender = async (): Promise<void> => {
    for (const { what, bytes, stops } of waiting) {
      const answer = await sendBytes(service.endpoint, bytes, stops);
      const fault = faultOf(answer);
      if (fault !== null) faults.push(`${what.slice(0, 300)} -> ${fault}`);
      const code = /"Code":"([^"]+)"/.exec(typeof answer === 'string' ? '' : answer.body)?.[1] ?? 'none';
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  expect(faults.slice(0, 20)).toEqual([]);
  expect(service.log.filter(({ level }) => level === 'error')).toEqual([]);
  // A service that refuses everything for the same reason would pass without this. The two left out need more than one request, or another signer.
  expect([...codes.keys()].sort()).toEqual(
    Object.keys(DOCUMENTED)
      .filter((code) => code !== 'NoSuchVersion' && code !== 'SignatureNonceUsed')
      .sort(),
  );
  const call = immClient(service);
  const source = { ProjectName: PROJECT, SourceURI: 'oss://samples/cockatoo.mp4' };
  expect(await call('CreateVideoModerationTask', source)).toHaveProperty('TaskId');
});
