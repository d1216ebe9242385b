import fc from 'fast-check';

type Parameters = Record<string, string>;

/** Parameters of a Create call that is good. */
export const VIDEO = { ProjectName: 'demo', SourceURI: 'oss://samples/cockatoo.mp4' };
const TASK = { ProjectName: 'demo', TaskType: 'VideoModeration', TaskId: 'VideoModeration-none' };

/** Texts that programs trip over. */
export const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\0',
    '\u0000a',
    'ü',
    '😀',
    '%',
    '%zz',
    '%00',
    '../../etc/passwd',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.constantFrom("' or 1=1 --", '${jndi:ldap://x}', '<script>', '\r\nx: y', 'null', 'undefined', 'NaN', '-1', '1e999'),
  fc.nat({ max: 20_000 }).map((length) => 'x'.repeat(length + 1)),
);
const instant = fc.constantFrom(
  '2026',
  'now',
  '2026-02-30T00:00:00Z',
  '0000-00-00T00:00:00+99:99',
  '2026-01-01T00:00:00',
);
const badJson = fc.oneof(
  text.filter((value) => !/^[[{]/.test(value)),
  fc.constantFrom(
    '{',
    '[',
    '[[',
    '{"a"',
    '{"a":}',
    '[1,]',
    '"',
    '"x"',
    '0',
    'true',
    'null',
    '{a:1}',
    "['porn']",
    '[\u0000]',
  ),
  fc.nat({ max: 3000 }).map((depth) => '['.repeat(depth + 1)),
);
const badNumber = fc.constantFrom(
  ...[
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '９',
    '1 1',
    '999999999999999999999',
    '+',
    '--1',
    '3601',
    'ten',
  ],
);

const token = (json: string): string => Buffer.from(json).toString('base64url');

/** Parameters of one operation with one of them wrong for certain. */
export const nonsense: fc.Arbitrary<[action: string, Parameters]> = fc.oneof(
  ...(['CreateVideoModerationTask', 'CreateImageModerationTask'] as const).map((action) =>
    spoiled(action, VIDEO, {
      ProjectName: text,
      SourceURI: fc.oneof(
        text,
        fc.constantFrom(
          'oss://',
          'oss:///x',
          'oss://samples/',
          'oss://other/x.mp4',
          's3://samples',
          'ftp://x/y',
          '//x',
        ),
        fc.constantFrom(
          'https://',
          'https://[',
          'https://a:b@c/d',
          'https://x:99999/',
          'file://host/x',
          'file:///a%2Fb',
        ),
        fc.nat({ max: 3000 }).map((length) => `oss://samples/${'é'.repeat(600 + length)}`),
      ),
      Scenes: fc.oneof(badJson, fc.constantFrom('{}', '[]', '[1]', '["gore"]', '["porn",null]', '["constructor"]')),
      Interval: badNumber,
      MaxFrames: badNumber,
      UserData: fc.nat({ max: 9000 }).map((length) => 'ü'.repeat(1025 + length)),
      Tags: fc.oneof(
        badJson,
        fc.constantFrom('[]', '{"":"x"}', '{"a":null}', '{"a":[]}', '{"a":1e999}', '{"a":"\\u0000"}', '{"\\u0000":1}'),
        fc
          .integer({ min: 21, max: 500 })
          .map((n) => JSON.stringify(Object.fromEntries(Array.from({ length: n }, (_, i) => [i, i])))),
      ),
      CredentialConfig: fc.oneof(
        badJson,
        fc.constantFrom(
          '[]',
          '{"ServiceRole":""}',
          '{"ServiceRole":"none"}',
          '{"Policy":"x"}',
          '{"Chain":{}}',
          '{"ServiceRole":1}',
        ),
      ),
      Notification: fc.oneof(
        badJson,
        fc.constantFrom(
          '[]',
          '{"MNS":1}',
          '{"MNS":{}}',
          '{"MNS":{"TopicName":"none"}}',
          '{"x":1}',
          '{"ExtendedMessageURI":"oss://no/x"}',
        ),
        fc.constantFrom(
          '{"RocketMQ":{"TopicName":"x"}}',
          '{"RocketMQ":{"InstanceId":"\\u0000","TopicName":"x"}}',
          '{"MNS":null}',
        ),
      ),
      NotifyTopicName: text,
    }),
  ),
  ...(['GetVideoModerationResult', 'GetTask', 'CancelModerationTask', 'AppealModerationTask'] as const).map((action) =>
    spoiled(action, TASK, { ProjectName: text, TaskType: text, TaskId: text, RequestDefinition: text }),
  ),
  spoiled(
    'ListTasks',
    { ProjectName: 'demo' },
    {
      ProjectName: text,
      Sort: text,
      Order: text,
      Status: text,
      MaxResults: fc.oneof(badNumber, fc.constant('101')),
      TaskTypes: fc.oneof(badJson, fc.constantFrom('{}', '[]', '["x"]', '[["VideoModeration"]]')),
      StartTimeRange: fc.oneof(
        badJson,
        fc.constant('[]'),
        instant.map((Start) => JSON.stringify({ Start })),
      ),
      EndTimeRange: fc.oneof(
        badJson,
        fc.constant('[1]'),
        instant.map((End) => JSON.stringify({ End })),
      ),
      NextToken: fc.oneof(
        text,
        fc.json().map(token),
        wrongToken().map((value) => token(JSON.stringify(value))),
      ),
      TagSelector: fc.constantFrom('=', '=x', 'a', '%=1', 'a=%', 'a=1&', '&', 'a=%zz', 'a=1&'.repeat(30), 'a=%C0%80'),
      RequestDefinition: fc.constantFrom('yes', '1', 'null', '[]', 'TrueFalse'),
    },
  ),
  spoiled('CreateProject', VIDEO, { ProjectName: text }),
  text.map((action): [string, Parameters] => [`X${action.replace(/[^!-~]/g, '')}`.slice(0, 2000), VIDEO]),
);

function wrongToken(): fc.Arbitrary<unknown> {
  const good = { sort: 'TaskId', order: 'asc', value: null, taskId: 'x' };
  return fc.constantFrom<unknown>(
    { ...good, value: 1 },
    { ...good, value: 1e300 },
    { ...good, sort: 'StartTime' },
    { ...good, sort: 'constructor' },
    { ...good, taskId: '\0' },
    { ...good, taskId: 1 },
    { ...good, extra: 1 },
    [good],
    null,
  );
}

function spoiled(
  action: string,
  good: Parameters,
  bad: Record<string, fc.Arbitrary<string>>,
): fc.Arbitrary<[string, Parameters]> {
  return fc
    .constantFrom(...Object.keys(bad))
    .chain((name) => bad[name]!.map((value): [string, Parameters] => [action, { ...good, [name]: value }]));
}
