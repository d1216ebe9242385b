import { lead } from './en/lead.js';
import { members } from './en/members.js';
import { queue } from './en/queue.js';
import { shell } from './en/shell.js';
import { task } from './en/task.js';

/** All texts in English; their keys are those of every language. */
export const en = { ...shell, ...queue, ...task, ...lead, ...members };
