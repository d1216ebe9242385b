import {
  decisionOf,
  EMPTY_DRAFT,
  sceneWord,
  spanWord,
  withScene,
  withSpan,
  withSuggestion,
  type Draft,
} from '../../console/src/task/draft.js';
import { DecisionUse } from '../../src/schema/console/queue.js';
import type { DisputedSpan } from '../../src/schema/console/task.js';
import type { Scene } from '../../src/schema/scene.js';

const SCENES: Scene[] = ['porn', 'terrorism', 'ad'];
const span = (scene: Scene, startS: number): DisputedSpan => ({
  scene,
  startS,
  endS: startS + 2,
  rate: 80,
  clip: null,
});
const SPANS = [span('porn', 3), span('porn', 9), span('ad', 8)];

function sent(draft: Draft, claimId: string | null = 'c') {
  if (draft.suggestion === null) throw new Error('Expected a decision.');
  return DecisionUse.parse(decisionOf({ ...draft, suggestion: draft.suggestion }, 'd', claimId, SPANS));
}

test('one word for everything is sent as nothing but that', () => {
  expect(sent(withSuggestion(EMPTY_DRAFT, 'block'))).toEqual({
    decisionId: 'd',
    suggestion: 'block',
    reason: null,
    reasonCode: null,
    claimId: 'c',
  });
});

test('one scene that is blocked makes the whole a block, and the others are named as passed', () => {
  const draft = withScene(EMPTY_DRAFT, 'porn', 'block', SPANS, SCENES);
  expect(sent(draft)).toMatchObject({ suggestion: 'block', scenes: { terrorism: 'pass', ad: 'pass' } });
  expect(SCENES.map((scene) => sceneWord(draft, scene))).toEqual(['block', 'pass', 'pass']);
});

test('the last scene that is passed again makes the whole a pass', () => {
  const blocked = withScene(EMPTY_DRAFT, 'porn', 'block', SPANS, SCENES);
  expect(sent(withScene(blocked, 'porn', 'pass', SPANS, SCENES))).not.toHaveProperty('scenes');
});

test('one stretch that is blocked blocks its scene, and the other stretches of it are named as passed', () => {
  const draft = withSpan(EMPTY_DRAFT, 0, 'block', SPANS, SCENES);
  expect(sent(draft)).toMatchObject({
    suggestion: 'block',
    scenes: { terrorism: 'pass', ad: 'pass' },
    spans: [{ scene: 'porn', startS: 9, endS: 11, suggestion: 'pass' }],
  });
  expect(SPANS.map((each, index) => spanWord(draft, index, each))).toEqual(['block', 'pass', 'pass']);
});

test('a stretch that is passed leaves its scene blocked as long as another one is', () => {
  const block = withSuggestion(EMPTY_DRAFT, 'block');
  const one = withSpan(block, 0, 'pass', SPANS, SCENES);
  expect([sceneWord(one, 'porn'), one.suggestion]).toEqual(['block', 'block']);
  const both = withSpan(one, 1, 'pass', SPANS, SCENES);
  expect([sceneWord(both, 'porn'), sceneWord(both, 'ad'), both.spans]).toEqual(['pass', 'block', {}]);
});

test('what is said of a scene replaces what was said of its stretches', () => {
  const draft = withScene(withSpan(EMPTY_DRAFT, 0, 'block', SPANS, SCENES), 'porn', 'block', SPANS, SCENES);
  expect(draft.spans).toEqual({});
});

test('the same word again keeps what was said apart, the other one does not', () => {
  const draft = withScene(EMPTY_DRAFT, 'porn', 'block', SPANS, SCENES);
  expect(withSuggestion(draft, 'block')).toBe(draft);
  expect(withSuggestion(draft, 'pass')).toMatchObject({ suggestion: 'pass', scenes: {}, spans: {} });
});

test('a note of spaces is none, and a task that nobody holds is decided without a lease', () => {
  expect(sent({ ...withSuggestion(EMPTY_DRAFT, 'pass'), reason: '  ' }, null)).toEqual({
    decisionId: 'd',
    suggestion: 'pass',
    reason: null,
    reasonCode: null,
  });
});
