import fc from 'fast-check';
import { signV1, signV3, type SignableRequest, type SigningKey, type Wanted } from '../support/sign-request.js';
import { badHttp, badTarget, type Malformed } from './bad-http.js';
import { nonsense, VIDEO } from './nonsense.js';
import { bytesOf } from './raw-http.js';

/** What requests are made with: a key that may do everything, one that is disabled, one that needs its token, and one whose user may do nothing. */
export interface Keys {
  good: SigningKey;
  disabled: SigningKey;
  temporary: SigningKey;
  powerless: SigningKey;
}

const isoNow = (shiftS = 0): string => `${new Date(Date.now() + shiftS * 1000).toISOString().slice(0, 19)}Z`;

/** Correctly signed, in either version and in query or form: only what is asked for is wrong. */
const signedNonsense = ({ good }: Keys): fc.Arbitrary<Malformed> =>
  fc.tuple(nonsense, fc.boolean(), fc.boolean()).map(([[action, parameters], isV3, inForm]) => {
    const long = Object.values(parameters).some((value) => value.length > 3000);
    const wanted: Wanted = { action, date: isoNow(), [inForm || long ? 'form' : 'query']: parameters };
    return { what: `signed ${JSON.stringify(wanted)}`, bytes: bytesOf((isV3 ? signV3 : signV1)(good, wanted)) };
  });

/** Says what is good, in a way that must not be believed. */
const badSignature = (keys: Keys): fc.Arbitrary<Malformed> => {
  const wanted = { action: 'ListTasks', date: '', query: { ProjectName: 'demo' } };
  const changes: Record<string, (sign: typeof signV3, noise: string) => SignableRequest> = {
    'another secret': (sign) => sign({ ...keys.good, secret: 'wrong' }, { ...wanted, date: isoNow() }),
    'unknown key': (sign, noise) => sign({ accessKeyId: `x${noise}`, secret: 'x' }, { ...wanted, date: isoNow() }),
    'disabled key': (sign) => sign(keys.disabled, { ...wanted, date: isoNow() }),
    'no token': (sign) => sign({ ...keys.temporary, securityToken: null }, { ...wanted, date: isoNow() }),
    'wrong token': (sign, noise) =>
      sign({ ...keys.temporary, securityToken: `x${noise}` }, { ...wanted, date: isoNow() }),
    'token for none': (sign, noise) =>
      sign({ ...keys.good, securityToken: `x${noise}` }, { ...wanted, date: isoNow() }),
    'no permission': (sign) => sign(keys.powerless, { ...wanted, date: isoNow() }),
    'too old': (sign) => sign(keys.good, { ...wanted, date: isoNow(-1000) }),
    'from the future': (sign) => sign(keys.good, { ...wanted, date: isoNow(1000) }),
    'no date': (sign, noise) => sign(keys.good, { ...wanted, date: `x${noise}` }),
    'changed query': (sign) => {
      const request = sign(keys.good, { ...wanted, date: isoNow() });
      request.query.push(['Status', 'Failed']);
      return request;
    },
    'twice the same': (sign) => {
      const request = sign(keys.good, { ...wanted, date: isoNow() });
      request.query.push(['ProjectName', 'demo']);
      return request;
    },
    'changed body': (sign) => {
      const request = sign(keys.good, { ...wanted, date: isoNow(), query: {}, form: { ProjectName: 'demo' } });
      request.body = Buffer.concat([request.body, Buffer.from('&Status=Failed')]);
      return request;
    },
    'half the headers': (_sign, noise) => {
      const request = signV3(keys.good, { ...wanted, date: isoNow() });
      const names = [...request.headers.keys()].filter((name) => name !== 'host');
      request.headers.delete(names[noise.length % names.length]!);
      return request;
    },
    'no authorization that we know': (_sign, noise) => {
      const request = signV3(keys.good, { ...wanted, date: isoNow() });
      request.headers.set('authorization', [`${noise || 'Basic'} abc`]);
      return request;
    },
    'two authorizations': () => {
      const request = signV3(keys.good, { ...wanted, date: isoNow() });
      request.headers.set('authorization', [...request.headers.get('authorization')!, 'x']);
      return request;
    },
  };
  return fc
    .tuple(fc.constantFrom(...Object.keys(changes)), fc.boolean(), fc.stringMatching(/^[!-~]{0,60}$/))
    .map(([what, isV3, noise]) => ({
      what: `${what} ${noise}`,
      bytes: bytesOf(changes[what]!(isV3 ? signV3 : signV1, noise.replaceAll(/[,;=]/g, '_'))),
    }));
};

/** A good request of which only the beginning arrives. */
const truncated = ({ good }: Keys): fc.Arbitrary<Malformed> =>
  fc.double({ min: 0, max: 0.999, noNaN: true }).map((share) => {
    const bytes = bytesOf(signV3(good, { action: 'CreateVideoModerationTask', date: isoNow(), form: VIDEO }));
    const kept = 1 + Math.floor(share * (bytes.length - 1));
    return { what: `the first ${kept} bytes of ${bytes.length}`, bytes: bytes.subarray(0, kept), stops: true };
  });

/** All kinds of them. */
export const malformed = (keys: Keys): fc.Arbitrary<Malformed> =>
  fc.oneof(
    { weight: 5, arbitrary: signedNonsense(keys) },
    { weight: 2, arbitrary: badSignature(keys) },
    { weight: 2, arbitrary: badTarget },
    { weight: 2, arbitrary: badHttp },
    { weight: 1, arbitrary: truncated(keys) },
  );
