import { z } from 'zod';
import { ConsoleConfig } from './console-config.js';
import { DeliveryConfig, TopicConfigs } from './notification-config.js';
import { SAMPLING_MODES } from './options.js';
import { RamPolicy } from './ram-policy.js';
import { referenceFaults } from './service-references.js';
import { SourceConfig } from './source-config.js';

const name = (what: string, pattern: RegExp) => z.string().regex(pattern, `Expected ${what}`);

/** As IMM names them: a letter or `_` first, then letters, digits, `-` and `_`. */
const projectName = name(
  'a project name: 1-128 letters, digits, - and _, a letter or _ first',
  /^[A-Za-z_][\w-]{0,127}$/,
);
const accountId = name('an account id of 1-32 digits', /^\d{1,32}$/);
const userName = name('a user name of 1-64 letters, digits, ., @, - and _', /^[\w.@-]{1,64}$/);

const User = z.strictObject({
  name: userName,
  /** What the user may do; without a policy nothing. */
  policies: z.array(RamPolicy).default([]),
});

const Account = z.strictObject({ id: accountId, users: z.array(User).default([]) });

const Project = z.strictObject({
  name: projectName,
  account: accountId,
  /** File of the moderation policy, relative to the configuration; absent: the default policy. */
  policy: z.string().min(1).optional(),
  sampling: z.enum(SAMPLING_MODES).default('fast'),
  /** Topics, as `name` or `instance/name`, that are told of every task, whatever it asks for. */
  notify: z.array(z.string().min(1)).default([]),
  review: z
    .strictObject({
      /** Topics that are told when a task waits for a person for long, and when it is left to the leads. */
      notify: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Requests of all operations together, in any second. */
      requestsPerSecond: z.int().min(1).max(100_000).default(100),
      /** Tasks that run or wait for a worker at the same time; those that wait for a person do not count. */
      openTasks: z.int().min(1).max(1_000_000).default(10_000),
    })
    .prefault({}),
});

/** Configuration of a service: everything that its operator decides. */
export const ServiceConfig = z
  .strictObject({
    version: z.literal(1),
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        /** 0 takes a free one. */
        port: z.int().min(0).max(65_535).default(8686),
        /** Addresses of proxies whose `X-Forwarded-*` headers are believed. */
        trustedProxies: z.array(z.string().min(1)).default([]),
      })
      .prefault({}),
    /** Part of resource names in policies and of notifications. */
    region: name('a region such as cn-hangzhou or local', /^[a-z0-9-]{1,32}$/).default('local'),
    accounts: z.array(Account).min(1),
    projects: z.array(Project).min(1),
    sources: SourceConfig,
    /** Directory of the operator's own models, relative to the configuration; absent: that of the environment. */
    models: z.string().min(1).optional(),
    /** Where notifications go that tasks name by topic. */
    topics: TopicConfigs.default([]),
    notifications: DeliveryConfig.prefault({}),
    console: ConsoleConfig.prefault({}),
  })
  .superRefine((config, context) => {
    for (const { path, message } of referenceFaults(config)) context.addIssue({ code: 'custom', path, message });
  });
export type ServiceConfig = z.infer<typeof ServiceConfig>;
