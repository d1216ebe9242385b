import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS } from '../../console/src/keys.js';
import { chosenLanguage, formatLocale, MESSAGES } from '../../console/src/messages.js';
import { fill, placeholdersOf } from '../../console/src/translate.js';
import { CONSOLE_ERROR_CODES } from '../../src/schema/console/session.js';
import { AUDIT_KINDS } from '../../src/schema/audit-kinds.js';
import { ROOT } from '../support/build.js';

const { en, 'zh-CN': chinese } = MESSAGES;
const keys = Object.keys(en) as (keyof typeof en)[];

test('every language has the same texts, and none of them is empty', () => {
  expect(Object.keys(chinese).sort()).toEqual([...keys].sort());
  for (const messages of Object.values(MESSAGES)) {
    const texts = Object.values(messages).flatMap((message) =>
      typeof message === 'string' ? [message] : Object.values(message),
    );
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
  }
});

test.each(keys)('%s has the same placeholders in every language', (key) => {
  expect(placeholdersOf(chinese[key])).toEqual(placeholdersOf(en[key]));
});

test('there is a text for everything that the service may say by a name', () => {
  const needed = [
    ...CONSOLE_ERROR_CODES.map((code) => `error.${code}`),
    ...AUDIT_KINDS.map((kind) => `audit.${kind}`),
    ...Object.values(KEYS).map(({ label }) => label),
  ];
  expect(needed.filter((key) => !(key in en))).toEqual([]);
});

test('every text is used', () => {
  const directory = join(ROOT, 'console', 'src');
  const sources = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('messages/'))
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');
  // Of a text whose key is put together, its beginning stands in a template.
  const isUsed = (key: string) =>
    sources.includes(`'${key}'`) ||
    sources.includes(`"${key}"`) ||
    [...key.matchAll(/[.]/g)].some(({ index }) => sources.includes(`\`${key.slice(0, index + 1)}\${`)) ||
    /^(escalate|appeal)\.(title|text|action)$/.test(key);
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
});

test('numbers choose the form and are written as the language writes them', () => {
  const message = { one: '{count} task', other: '{count} tasks of {who}' };
  expect(fill(message, { count: 1 }, 'en')).toBe('1 task');
  expect(fill(message, { count: 12_345, who: 'mei' }, 'en')).toBe('12,345 tasks of mei');
  expect(fill(message, { count: 1, who: 'mei' }, 'zh-CN')).toBe('1 tasks of mei');
  expect(fill('{a} {b}', { a: 'x' }, 'en')).toBe('x {b}');
});

test.each([
  ['system', ['zh-TW', 'en'], 'zh-CN'],
  ['system', ['fr-FR', 'en-GB', 'zh'], 'en'],
  ['system', ['fr'], 'en'],
  ['zh-CN', ['en'], 'zh-CN'],
  ['en', ['zh-CN'], 'en'],
] as const)('a member who chose %s and prefers %j reads %s', (setting, preferred, language) => {
  expect(chosenLanguage(setting, preferred)).toBe(language);
});

test.each([
  ['en', ['en-GB', 'en'], 'en-GB'],
  ['en', ['de-DE', 'en-AU'], 'en-AU'],
  ['en', ['zh-CN'], 'en'],
  ['zh-CN', ['en-US', 'zh-TW'], 'zh-TW'],
] as const)('in %s, for whoever prefers %j, dates are those of %s', (language, preferred, locale) => {
  expect(formatLocale(language, preferred)).toBe(locale);
});
