import { InvalidArgumentError, type Command } from 'commander';
import { SpanDecision } from '../schema/review.js';
import { SCENES, type Scene } from '../schema/scene.js';
import type { DecideOptions } from './review.js';
import { wholeNumber } from './whole-number.js';

/** What the command line can ask for about reviews, and to steer tasks. */
export interface ReviewCommands {
  show(id: string, options: { json?: boolean; explain?: boolean }): Promise<void>;
  reviewList(options: { json?: boolean; limit: number }): Promise<void>;
  decide(suggestion: 'pass' | 'block', id: string, options: DecideOptions): Promise<void>;
  appeal(id: string, options: { reason?: string }): Promise<void>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  prioritise(id: string, priority: number): Promise<void>;
}

/** `framewarden review …`, and what steers a task. */
export function addReview(program: Command, commands: ReviewCommands): void {
  const review = program.command('review').description('decide what the machine could not');
  review
    .command('list')
    .description('list what waits for a person, the oldest first')
    .option('--limit <n>', 'how many', wholeNumber, 20)
    .option('--json', 'one object a line')
    .action((options: { json?: boolean; limit: number }) => commands.reviewList(options));
  review
    .command('show')
    .description('show why a task needs a person')
    .argument('<id>', 'id of a task, or its beginning')
    .option('--explain', 'what every detector said of every sample')
    .action((id: string, options: { explain?: boolean }) => commands.show(id, options));
  for (const suggestion of ['pass', 'block'] as const) {
    review
      .command(suggestion)
      .description(`decide ${suggestion} of a task that waits for a person`)
      .argument('<id>', 'id of a task, or its beginning')
      .option('--reason <text>', 'why')
      .option('--reason-code <code>', "one of the reasons of the project's policy")
      .option('--scene <scene=pass|block>', 'decide a scene otherwise; may be repeated', sceneDecision)
      .option(
        '--span <scene=pass|block@start-end>',
        'decide a stretch otherwise, in seconds; may be repeated',
        spanDecision,
      )
      .option('--reviewer <name>', 'who decides (default: the user of this session)')
      .action((id: string, options: DecideOptions) => commands.decide(suggestion, id, options));
  }
  addSteering(program, commands);
}

function addSteering(program: Command, commands: ReviewCommands): void {
  program
    .command('appeal')
    .description('have a task with a verdict read again, by somebody who has not decided it')
    .argument('<id>', 'id of a task, or its beginning')
    .option('--reason <text>', 'why')
    .action((id: string, options: { reason?: string }) => commands.appeal(id, options));
  program
    .command('pause')
    .description('begin nothing more of a task, and stop what is under way of it')
    .argument('<id>', 'id of a task, or its beginning')
    .action((id: string) => commands.pause(id));
  program
    .command('resume')
    .description('let a paused task go on where it was')
    .argument('<id>', 'id of a task, or its beginning')
    .action((id: string) => commands.resume(id));
  program
    .command('prioritise')
    .description('do what is begun of a task before or after the work of others')
    .argument('<id>', 'id of a task, or its beginning')
    .argument('<priority>', '1 (first) to 5 (last)', wholeNumber)
    .action((id: string, priority: number) => commands.prioritise(id, priority));
}

const OUTCOME = `(${SCENES.join('|')})=(pass|block)`;

function sceneDecision(text: string, before: NonNullable<DecideOptions['scene']> = {}): DecideOptions['scene'] {
  const [, scene, outcome] = new RegExp(`^${OUTCOME}$`).exec(text) ?? [];
  if (scene === undefined) throw new InvalidArgumentError(`Expected a scene such as porn=pass, got ${text}.`);
  return { ...before, [scene as Scene]: outcome };
}

function spanDecision(text: string, before: NonNullable<DecideOptions['span']> = []): DecideOptions['span'] {
  const [, scene, outcome, start, end] = new RegExp(`^${OUTCOME}@([\\d.]+)-([\\d.]+)$`).exec(text) ?? [];
  const span = SpanDecision.safeParse({ scene, startS: Number(start), endS: Number(end), suggestion: outcome });
  if (!span.success) throw new InvalidArgumentError(`Expected a stretch such as porn=pass@12-30.5, got ${text}.`);
  return [...before, span.data];
}
