import { authenticate } from '../../src/auth/authenticate.js';
import { readV1 } from '../../src/auth/signature-v1.js';
import { readV3 } from '../../src/auth/signature-v3.js';
import { encode, type SignableRequest, signatureOf, signV1, signV3, type Wanted } from '../support/sign-request.js';
import { against, DATE, makeKey, outcome } from './authentication.js';

const key = makeKey();

describe('the vectors of the protocol', () => {
  const v3: Wanted = {
    action: 'CreateVideoModerationTask',
    date: DATE,
    nonce: 'nonce-0001',
    query: { ProjectName: 'demo p*1', Scenes: '["porn","ad"]', SourceURI: 'oss://b/a (1)~é.mp4' },
  };
  const v1: Wanted = {
    action: 'GetTask',
    date: DATE,
    nonce: 'nonce-0001',
    query: { ProjectName: 'demo p*1', TaskId: 'VideoModeration-x', TaskType: 'VideoModeration' },
  };

  test('of version 3 is what is computed here and what clients compute', () => {
    const request = signV3(key, v3);
    const expected = '7b06169674635855abdaedede9fc232ea846e84cc6de1daf47de1bfd4b55de19';
    expect(signatureOf(request)).toBe(expected);
    expect(readV3(request, request.headers.get('authorization')![0]!).sign('testsecret')).toBe(expected);
  });

  test('of version 1 is what is computed here and what clients compute', () => {
    const request = signV1(key, v1);
    expect(signatureOf(request)).toBe('w0Sey2HhWmCxPzFyf8P8FV6nbAs=');
    expect(readV1(request).sign('testsecret')).toBe('w0Sey2HhWmCxPzFyf8P8FV6nbAs=');
  });

  test('let their signer in', async () => {
    const principal = { accessKeyId: 'testid', accountId: '1234567890123456', userName: null };
    expect(await authenticate(signV3(key, v3), against([key]))).toMatchObject(principal);
    expect(await authenticate(signV1(key, v1), against([key]))).toMatchObject(principal);
  });
});

const wanted: Wanted = { action: 'GetTask', date: DATE, query: { ProjectName: 'demo', Empty: '' } };

describe.each([
  ['version 3', signV3],
  ['version 1', signV1],
])('a signature of %s', (_, sign) => {
  test('is good for GET and for forms, whatever the signs in a value', async () => {
    const odd = `!'()*~ +&=%2B/?#\u0000é\u{1F99C}\u{FFFD}`;
    expect(await outcome(sign(key, { ...wanted, method: 'GET', query: { odd } }), against([key]))).toMatchObject({});
    const form = sign(key, { ...wanted, form: { odd, Scenes: '["porn"]' } });
    expect(await outcome(form, against([key]))).toHaveProperty('accessKeyId');
    expect(encode(odd)).toMatch(/^%21%27%28%29%2A~%20%2B/);
  });

  test('is good for names that begin alike and for names beyond ASCII', async () => {
    const query = { a: '1', a1: '2', 'a-': '3', '\u{1F99C}': '4', '\uFF5E': '5' };
    expect(await outcome(sign(key, { ...wanted, query }), against([key]))).toHaveProperty('accessKeyId');
  });

  test('of an unknown key is answered 404, of a disabled one 400 and only to who holds its secret', async () => {
    expect(await outcome(sign({ ...key, accessKeyId: 'other' }, wanted), against([key]))).toBe(
      '404 InvalidAccessKeyId.NotFound',
    );
    const disabled = against([makeKey({ status: 'Inactive' })]);
    expect(await outcome(sign(key, wanted), disabled)).toBe('400 InvalidAccessKeyId.Inactive');
    expect(await outcome(sign({ ...key, secret: 'guess' }, wanted), disabled)).toBe('400 SignatureDoesNotMatch');
  });

  test('by another secret is refused', async () => {
    expect(await outcome(sign({ ...key, secret: 'testsecreT' }, wanted), against([key]))).toBe(
      '400 SignatureDoesNotMatch',
    );
  });

  test('carries the security token of a key that has one, and none for a key that has none', async () => {
    const temporary = makeKey({ securityToken: 'token', userName: 'ann' });
    const answer = (securityToken: string | null) =>
      outcome(sign({ ...key, securityToken }, wanted), against([temporary]));
    expect(await answer('token')).toMatchObject({ userName: 'ann', temporary: true });
    expect(await answer(null)).toBe('400 MissingSecurityToken');
    expect(await answer('tokeN')).toBe('400 InvalidSecurityToken.MismatchWithAccessKey');
    expect(await outcome(sign({ ...key, securityToken: 'token' }, wanted), against([key]))).toBe(
      '400 InvalidSecurityToken.MismatchWithAccessKey',
    );
  });

  test('does not count with a parameter given twice', async () => {
    const request = sign(key, wanted);
    request.query.push(['ProjectName', 'other']);
    expect(await outcome(request, against([key]))).toBe('400 InvalidParameter');
  });

  test.each([
    ['15 minutes after', 900, true],
    ['15 minutes before', -900, true],
    ['a second more after', 901, false],
    ['a second more before', -901, false],
  ])('made %s now is inside the window or out: %i s, %s', async (_, seconds, inside) => {
    const date = new Date(Date.parse(DATE) + seconds * 1000).toISOString().replace('.000', '');
    const answer = await outcome(sign(key, { ...wanted, date }), against([key]));
    expect(answer).toEqual(
      inside ? expect.objectContaining({ accessKeyId: 'testid' }) : '400 InvalidTimeStamp.Expired',
    );
  });

  test.each(['2025-01-02 03:04:05', '2025-01-02T03:04:05.000Z', '2025-02-30T03:04:05Z', '2025-01-02T03:04:05+00:00'])(
    'with the date %s is refused for its format',
    async (date) => {
      expect(await outcome(sign(key, { ...wanted, date }), against([key]))).toBe('400 InvalidTimeStamp.Format');
    },
  );
});

/** A request of version 3 with an Authorization header of another kind. */
function authorized(header: (given: string) => string): SignableRequest {
  const request = signV3(key, wanted);
  request.headers.set('authorization', [header(request.headers.get('authorization')![0]!)]);
  return request;
}

describe('other ways to sign', () => {
  const instead = (algorithm: string) => authorized((given) => given.replace('ACS3-HMAC-SHA256', algorithm));
  test.each(['ACS3-HMAC-SM3', 'ACS3-RSA-SHA256', 'Bearer', 'AWS4-HMAC-SHA256', 'acs3-hmac-sha256'])(
    '%s is refused by its name',
    async (algorithm) => {
      await expect(authenticate(instead(algorithm), against([key]))).rejects.toMatchObject({
        status: 400,
        code: 'InvalidSignatureMethod',
        message: expect.stringContaining(algorithm),
      });
    },
  );

  test('a bearer token is refused by name, in the query or in a header', async () => {
    for (const [name, value] of [
      ['x-acs-signature-type', 'BEARERTOKEN'],
      ['x-acs-bearer-token', 'abc'],
    ] as const) {
      const request = signV3(key, { ...wanted, headers: { [name]: value } });
      request.headers.delete('authorization');
      expect(await outcome(request, against([key]))).toBe('400 InvalidSignatureMethod');
    }
    const request = signV3(key, { ...wanted, query: { SignatureType: 'BEARERTOKEN' } });
    request.headers.delete('authorization');
    expect(await outcome(request, against([key]))).toBe('400 InvalidSignatureMethod');
  });

  test('another method or version in the parameters of version 1 is refused', async () => {
    const changed = (name: string, value: string) => {
      const request = signV1(key, wanted);
      request.query = request.query.map(([given, old]) => [given, given === name ? value : old]);
      return outcome(request, against([key]));
    };
    expect(await changed('SignatureMethod', 'HMAC-SHA256')).toBe('400 InvalidSignatureMethod');
    expect(await changed('SignatureVersion', '2.0')).toBe('400 InvalidParameter');
  });

  test('no signature at all is called incomplete', async () => {
    const request = signV3(key, wanted);
    request.headers.delete('authorization');
    expect(await outcome(request, against([key]))).toBe('400 IncompleteSignature');
  });
});

describe('what a signature of version 3 has to cover', () => {
  test.each(['host', 'x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])(
    '%s, which may neither be absent, nor repeated, nor left out of what is signed',
    async (name) => {
      const [absent, repeated] = [signV3(key, wanted), signV3(key, wanted)];
      absent.headers.delete(name);
      repeated.headers.set(name, [...repeated.headers.get(name)!, 'more']);
      expect(await outcome(absent, against([key]))).toBe('400 MissingParameter');
      expect(await outcome(repeated, against([key]))).toBe('400 MissingParameter');
      const unsigned = authorized((given) => given.replace(new RegExp(`${name};|;${name}(?=,)`), ''));
      expect(await outcome(unsigned, against([key]))).toBe('400 IncompleteSignature');
    },
  );

  test('a security token and the type of a body, once they are there', async () => {
    const token = signV3(key, wanted);
    token.headers.set('x-acs-security-token', ['forged']);
    expect(await outcome(token, against([key]))).toBe('400 IncompleteSignature');
    const form = signV3(key, { ...wanted, form: { a: '1' } });
    const untyped = form.headers.get('authorization')![0]!.replace('content-type;', '');
    form.headers.set('authorization', [untyped]);
    expect(await outcome(form, against([key]))).toBe('400 IncompleteSignature');
  });

  test('the very bytes of the body', async () => {
    const request = signV3(key, wanted);
    request.body = Buffer.from('more');
    expect(await outcome(request, against([key]))).toBe('400 SignatureDoesNotMatch');
  });
});

test('a body that is no form is not let in by a signature of version 1, which does not cover it', async () => {
  const request = signV1(key, wanted);
  request.body = Buffer.from('{"ProjectName":"other"}');
  expect(await outcome(request, against([key]))).toBe('400 IncompleteSignature');
});
