import { en } from './messages/en.js';
import { zhCN } from './messages/zh-CN.js';
import type { Message } from './translate.js';

export type MessageKey = keyof typeof en;
export type Language = 'en' | 'zh-CN';

/** Every language has every text; the type of each file says so. */
export const MESSAGES: Readonly<Record<Language, Readonly<Record<MessageKey, Message>>>> = { en, 'zh-CN': zhCN };

/** The language for a setting, by what the browser prefers where it says `system`. */
export function chosenLanguage(setting: 'system' | Language, preferred: readonly string[]): Language {
  if (setting !== 'system') return setting;
  const first = preferred.find((tag) => /^(en|zh)\b/i.test(tag));
  return first !== undefined && /^zh\b/i.test(first) ? 'zh-CN' : 'en';
}

/** BCP 47, how numbers and instants are written: as the browser prefers it in the language that is shown, British or American. */
export function formatLocale(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.slice(0, 2).toLowerCase() === language.slice(0, 2)) ?? language;
}
