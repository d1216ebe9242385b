import type { DecisionUse } from '../../../src/schema/console/queue.js';
import type { DisputedSpan } from '../../../src/schema/console/task.js';
import type { Scene } from '../../../src/schema/scene.js';

export type Word = 'pass' | 'block';

/** A decision while it is being made. */
export interface Draft {
  /** `null`: nothing was chosen yet. */
  suggestion: Word | null;
  /** Scenes that do not go with `suggestion`. */
  scenes: Partial<Record<Scene, Word>>;
  /** Stretches that do not go with their scene, by their place in the list of what is disputed. */
  spans: Record<number, Word>;
  reasonCode: string | null;
  reason: string;
}

export const EMPTY_DRAFT: Draft = { suggestion: null, scenes: {}, spans: {}, reasonCode: null, reason: '' };

/** What a draft says of one scene. */
export const sceneWord = (draft: Draft, scene: Scene): Word | null => draft.scenes[scene] ?? draft.suggestion;

/** What a draft says of one stretch. */
export const spanWord = (draft: Draft, index: number, span: DisputedSpan): Word | null =>
  draft.spans[index] ?? sceneWord(draft, span.scene);

/** The same word for everything; where it is the word of the whole already, what was said apart stays. */
export const withSuggestion = (draft: Draft, suggestion: Word): Draft =>
  draft.suggestion === suggestion ? draft : { ...draft, suggestion, scenes: {}, spans: {} };

/** One scene apart from the others: the whole is a block as soon as one of `all` is. */
export function withScene(draft: Draft, scene: Scene, word: Word, spans: DisputedSpan[], all: Scene[]): Draft {
  const words = new Map(all.map((each) => [each, sceneWord(draft, each) ?? 'pass']));
  words.set(scene, word);
  // What was said of its stretches went with the scene as it was.
  const kept = Object.entries(draft.spans).filter(([index]) => spans[Number(index)]?.scene !== scene);
  return settled({ ...draft, spans: Object.fromEntries(kept) }, words);
}

/** One stretch apart from the others of its scene: the scene is blocked as long as one of its stretches is. */
export function withSpan(draft: Draft, index: number, word: Word, spans: DisputedSpan[], all: Scene[]): Draft {
  const scene = spans[index]?.scene;
  if (scene === undefined) return draft;
  const own = spans.flatMap((span, place) => (span.scene === scene ? [place] : []));
  const said = new Map(
    own.map((place) => [place, place === index ? word : (draft.spans[place] ?? sceneWord(draft, scene) ?? 'pass')]),
  );
  const sceneSays: Word = [...said.values()].includes('block') ? 'block' : 'pass';
  const words = new Map(all.map((each) => [each, sceneWord(draft, each) ?? 'pass']));
  words.set(scene, sceneSays);
  const others = Object.entries(draft.spans).filter(([place]) => !own.includes(Number(place)));
  const apart = [...said].filter(([, each]) => each !== sceneSays);
  return settled({ ...draft, spans: Object.fromEntries([...others, ...apart]) }, words);
}

function settled(draft: Draft, words: Map<Scene, Word>): Draft {
  const suggestion: Word = [...words.values()].includes('block') ? 'block' : 'pass';
  const apart = [...words].filter(([, word]) => word !== suggestion);
  return { ...draft, suggestion, scenes: Object.fromEntries(apart) };
}

/** What is sent; the draft must have a suggestion. */
export function decisionOf(
  draft: Draft & { suggestion: Word },
  decisionId: string,
  claimId: string | null,
  spans: DisputedSpan[],
): DecisionUse {
  const apart = Object.entries(draft.spans).flatMap(([index, suggestion]) => {
    const span = spans[Number(index)];
    return span === undefined ? [] : [{ scene: span.scene, startS: span.startS, endS: span.endS, suggestion }];
  });
  return {
    decisionId,
    suggestion: draft.suggestion,
    reason: draft.reason.trim() === '' ? null : draft.reason.trim(),
    reasonCode: draft.reasonCode,
    ...(Object.keys(draft.scenes).length > 0 ? { scenes: draft.scenes } : {}),
    ...(apart.length > 0 ? { spans: apart } : {}),
    ...(claimId === null ? {} : { claimId }),
  };
}
