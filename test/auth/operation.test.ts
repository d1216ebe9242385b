import { operationOf } from '../../src/auth/operation.js';
import { missingParameter } from '../../src/domain/imm-error.js';
import { signV1, signV3, type Wanted } from '../support/sign-request.js';
import { DATE, makeKey } from './authentication.js';

const wanted: Wanted = { action: 'GetTask', date: DATE };

test('the operation is read where the signature covers it, whatever is said elsewhere', () => {
  const v3 = signV3(makeKey(), { ...wanted, query: { Action: 'ListTasks', Version: '2017-09-06' } });
  expect(operationOf(v3)).toEqual({ action: 'GetTask', version: '2020-09-30' });
  const v1 = signV1(makeKey(), wanted);
  v1.headers.set('x-acs-action', ['CreateVideoModerationTask']);
  v1.headers.set('x-acs-version', ['2017-09-06']);
  expect(operationOf(v1)).toEqual({ action: 'GetTask', version: '2020-09-30' });
});

test('an operation or version that is missing is told by name', () => {
  const v3 = signV3(makeKey(), wanted);
  v3.headers.delete('x-acs-action');
  expect(() => operationOf(v3)).toThrow(missingParameter('x-acs-action').message);
  const v1 = signV1(makeKey(), wanted);
  v1.query = v1.query.filter(([name]) => name !== 'Version');
  expect(() => operationOf(v1)).toThrow(/Version/);
});
