import type { TasksView, TaskView } from '../../../src/schema/console/task.js';
import { submitReview } from '../../../src/temporal/reviews.js';
import { consoleMember, type ConsoleMember } from '../../support/console-member.js';
import { openService, PROJECT, type TestService } from '../../support/service.js';
import { queuedTask } from '../../support/waiting-task.js';

let service: TestService;
let taskId: string;
let [ann, bo, lea]: ConsoleMember[] = [];

beforeAll(async () => {
  service = await openService();
  await service.installation.startWorkers();
  [ann, bo, lea] = [
    await consoleMember(service, 'ann'),
    await consoleMember(service, 'bo'),
    await consoleMember(service, 'lea', 'lead'),
  ];
});

afterAll(() => service.close());

/** Somebody's decision, through the workflow of the task. */
async function decides(reviewer: string, suggestion: 'pass' | 'block'): Promise<void> {
  const decision = { decisionId: `d-${reviewer}-${taskId}`, suggestion, reviewer, reason: null };
  for (let answer; answer === undefined || answer === 'pending';)
    answer = await submitReview(service.installation.tasks, taskId, decision);
}

const view = (member: ConsoleMember): Promise<TaskView> => member.get<TaskView>(`/tasks/${taskId}`);

/** What a member is told of a task's outcome, wherever they look. */
async function outcomesFor(member: ConsoleMember) {
  const { result, review, history } = await view(member);
  const { rows } = await member.get<TasksView>(`/tasks?search=${taskId}`);
  return {
    shown: result.ModerationResult?.Suggestion,
    revision: result.ModerationResult?.Details.Revision,
    listed: [rows[0]?.suggestion, rows[0]?.revision],
    step: review.step,
    readers: review.readers,
    history: history.map(({ kind, origin, text }) => (kind === 'event' ? text : origin)),
  };
}

describe('while a task needs another reading', () => {
  beforeAll(async () => {
    taskId = await queuedTask(service.installation, { reading: 'two' }, { projectName: PROJECT });
    await decides('ann', 'block');
  });

  it('the second reader knows who has read it, and not what they said', async () => {
    const seen = await view(bo!);
    expect(seen.review).toMatchObject({ step: 'waiting', readers: ['ann'] });
    expect(seen.may).toMatchObject({ claim: true, decide: false, appeal: false, steer: false });
    const events = seen.history.filter(({ kind }) => kind === 'event');
    expect(events.map(({ actor, text }) => [actor, text])).toContainEqual(['ann', 'task-read']);
    expect(JSON.stringify([events, seen.review])).not.toContain('block');
  });

  it('who has read it may not read it again', async () => {
    expect((await view(ann!)).may).toMatchObject({ claim: false, decide: false, escalate: false });
  });

  it('a lead may steer it', async () => {
    expect((await view(lea!)).may).toMatchObject({ claim: true, steer: true });
  });
});

describe('a blind second reading', () => {
  beforeAll(async () => {
    taskId = await queuedTask(service.installation, { qualityShare: 1 }, { projectName: PROJECT });
    await decides('ann', 'block');
  });

  const untouched = {
    shown: 'review',
    revision: 1,
    listed: ['review', 1],
    step: 'waiting',
    readers: [],
    history: ['machine'],
  };
  const decided = { shown: 'block', revision: 2, listed: ['block', 2] };

  it('shows whoever may be offered it the task as the machine left it', async () => {
    expect(await outcomesFor(bo!)).toEqual(untouched);
    expect(await outcomesFor(lea!)).toEqual(untouched);
    expect((await view(lea!)).may.appeal).toBe(false);
  });

  it('shows who decided it what they decided', async () => {
    expect(await outcomesFor(ann!)).toMatchObject(decided);
  });

  it('looks to its reader as any other task that they hold, until they have read it', async () => {
    const { queue } = service.installation.records;
    const until = new Date(Date.now() + 60_000).toISOString();
    await queue.claimQuality(taskId, { claimId: 'c-1', reviewer: 'bo', until });
    const seen = await view(bo!);
    expect(seen.review).toMatchObject({ step: 'claimed', readers: [], claim: { claimId: 'c-1' } });
    expect(seen.may).toMatchObject({ claim: true, decide: true, escalate: true });
    expect(await outcomesFor(bo!)).toEqual({ ...untouched, step: 'claimed' });
    await queue.releaseQuality(taskId, 'c-1', 'read');
    expect(await outcomesFor(bo!)).toMatchObject(decided);
    expect(await outcomesFor(lea!)).toMatchObject(decided);
  });
});
