import type { Message } from '../translate.js';
import type { en } from './en.js';
import { lead } from './zh-CN/lead.js';
import { members } from './zh-CN/members.js';
import { queue } from './zh-CN/queue.js';
import { shell } from './zh-CN/shell.js';
import { task } from './zh-CN/task.js';

/** All texts in Simplified Chinese. */
export const zhCN: Readonly<Record<keyof typeof en, Message>> = { ...shell, ...queue, ...task, ...lead, ...members };
