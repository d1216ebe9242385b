import { z } from 'zod';

/** What somebody may do in the console, each including the one before: read tasks; see the numbers, change policies, open appeals; manage members. */
export const ROLES = ['reviewer', 'lead', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** How a member wants material to be shown. What is not shown at once is revealed by holding a key. */
export const MemberSettings = z.strictObject({
  blur: z.boolean().default(true),
  greyscale: z.boolean().default(true),
  muted: z.boolean().default(true),
  /** `system` follows the browser. */
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** `system` follows the browser. */
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  /** Takes the next task as soon as one is decided. */
  takeNext: z.boolean().default(true),
});
export type MemberSettings = z.infer<typeof MemberSettings>;

/** Signing in takes it; also the name that decisions are recorded under. */
export const MemberName = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u,
    'Expected 1-64 letters, digits, ., _, @, + and -, a letter or digit first',
  );

/** `null`: every project, also later ones. */
export const MemberProjects = z.array(z.string().min(1).max(128)).max(1000).nullable();

/** Somebody who works in the console. */
export interface Member {
  name: string;
  role: Role;
  /** `null`: every project. */
  projects: string[] | null;
  settings: MemberSettings;
  /** Signs in with a password; otherwise through the company's provider. */
  hasPassword: boolean;
  /** ISO 8601, UTC. */
  createdAt: string;
  isDisabled: boolean;
}
