import { actionOf, keyCap, KEYS, reasonIndexOf, type KeyScope, type KeyUse } from '../../console/src/keys.js';

const uses: KeyUse[] = Object.values(KEYS);

test.each<KeyScope>(['everywhere', 'queue', 'task'])('no key means two things at once: %s', (scope) => {
  const keys = uses.filter((use) => use.scope === scope || use.scope === 'everywhere').flatMap(({ keys }) => keys);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('no action takes a digit: those choose reasons', () => {
  expect(uses.flatMap(({ keys }) => keys).filter((key) => /\d/.test(key))).toEqual([]);
});

test('a key means something where it belongs, whatever its case, and nothing elsewhere', () => {
  expect([actionOf('P', 'task'), actionOf('p', 'queue'), actionOf('?', 'queue'), actionOf('x', 'everywhere')]).toEqual([
    'pass',
    null,
    'help',
    null,
  ]);
  expect([actionOf('k', 'queue'), actionOf('k', 'task')]).toEqual(['up', 'play']);
});

test('digits name reasons in the order of the keyboard, as many as there are', () => {
  expect(['1', '3', '4', '0', 'p'].map((key) => reasonIndexOf(key, 3))).toEqual([0, 2, null, null, null]);
  expect(reasonIndexOf('0', 10)).toBe(9);
});

test('keys are shown as they are written on keyboards', () => {
  expect([' ', 'escape', 'arrowleft', 'p', '['].map(keyCap)).toEqual(['Space', 'Esc', '←', 'P', '[']);
});
