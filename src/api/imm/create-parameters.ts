import { z } from 'zod';
import { invalidArgument, limitExceeded } from '../../domain/imm-error.js';
import { DEFAULT_SCENES, SCENES, type Scene } from '../../schema/scene.js';
import type { TaskType } from '../../schema/task.js';
import type { Parameters } from './parameters.js';

/** What a caller may ask for when creating a task. */
export interface CreateParameters {
  sourceUri: string;
  scenes: Scene[];
  /** Videos: seconds between samples. Images: frames between samples. */
  interval: number;
  maxFrames: number;
  userData: string;
  tags: Record<string, string>;
  /** Name of the credentials that the source is read with; `undefined`: those of its bucket. */
  role: string | undefined;
}

/** IMM counts bytes, not characters. */
const USER_DATA_BYTES = 2048;

/** IMM publishes no limits for tags: these are roomy and keep rows and indexes small. */
const MOST_TAGS = 20;
const TAG_NAME_BYTES = 128;
const TAG_VALUE_BYTES = 256;

/** Ranges as IMM documents them for videos; for images it publishes the defaults only, so they get the same upper ends. */
const NUMBERS = {
  VideoModeration: {
    interval: { min: 1, max: 600, fallback: 1 },
    maxFrames: { min: 5, max: 3600, fallback: 200 },
  },
  ImageModeration: {
    interval: { min: 1, max: 600, fallback: 1 },
    maxFrames: { min: 1, max: 3600, fallback: 1 },
  },
} as const satisfies Record<TaskType, unknown>;

/** No engine keeps or looks for U+0000, which JSON can hide. */
const WITHOUT_NUL = /^[^\0]*$/;

const Scenes = z.array(z.enum(SCENES, `expected ${SCENES.join(', ')}`)).min(1, 'expected at least one scene');

const Tags = z.record(
  z.string().min(1, 'expected names that are not empty').regex(WITHOUT_NUL, 'expected names without the sign U+0000'),
  z
    .union([z.string(), z.number(), z.boolean()], 'expected a text, a number or true or false')
    .transform(String)
    .refine((value) => WITHOUT_NUL.test(value), 'expected values without the sign U+0000'),
);

/** `Policy` and `Chain` narrow and chain roles of Alibaba's STS, which nothing here stands in for: refused rather than ignored. */
const CredentialConfig = z.object({
  ServiceRole: z.string().min(1).optional(),
  Policy: z.undefined('is not supported: name a ServiceRole that the operator has configured').optional(),
  Chain: z.undefined('is not supported: name a ServiceRole that the operator has configured').optional(),
});

/** Reads and checks what both Create operations take. */
export function readCreateParameters(type: TaskType, parameters: Parameters): CreateParameters {
  const scenes = parameters.json('Scenes', 'array', Scenes) ?? [...DEFAULT_SCENES];
  return {
    sourceUri: parameters.requiredText('SourceURI'),
    // Naming a scene twice asks for nothing more.
    scenes: [...new Set(scenes)],
    interval: parameters.integer('Interval', NUMBERS[type].interval),
    maxFrames: parameters.integer('MaxFrames', NUMBERS[type].maxFrames),
    userData: parameters.boundedText('UserData', USER_DATA_BYTES),
    tags: readTags(parameters),
    role: parameters.json('CredentialConfig', 'object', CredentialConfig)?.ServiceRole,
  };
}

function readTags(parameters: Parameters): Record<string, string> {
  const tags = parameters.json('Tags', 'object', Tags) ?? {};
  const all = Object.entries(tags);
  if (all.length > MOST_TAGS) throw limitExceeded(`Expected at most ${MOST_TAGS} Tags, got ${all.length}.`);
  for (const [name, value] of all) {
    if (Buffer.byteLength(name) > TAG_NAME_BYTES || Buffer.byteLength(value) > TAG_VALUE_BYTES)
      throw invalidArgument(
        `Expected the names of Tags to have at most ${TAG_NAME_BYTES} bytes and their values ${TAG_VALUE_BYTES}, got more at ${JSON.stringify(name.slice(0, 32))}.`,
      );
  }
  return tags;
}
