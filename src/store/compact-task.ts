import { decide, type DecideInput } from '../domain/decide.js';
import { mayDecide } from '../domain/labels.js';
import type { Observation } from '../schema/observation.js';
import type { Policy } from '../schema/policy.js';
import type { Suggestion } from '../schema/scene.js';

/** Bytes that a task takes beside its observations, as measured: ranges, counts and the object itself. */
const TASK_BYTES = 600;
/** Bytes of one observation: sample, kind and score. */
const OBSERVATION_BYTES = 14;

/** What an observation has in common with others: all that a suggestion depends on but sample and score. */
type Kind = Pick<Observation, 'detector' | 'class' | 'scene' | 'atMost'>;

/**
 * Kinds of observations and lists of detectors, each kept once however many tasks have it. There are as many as detectors have classes; where somebody's
 * models have more than a number of 16 bits tells apart, it is begun anew.
 */
export class Vocabulary {
  private readonly kinds: Kind[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly shared = new Map<string, unknown>();

  get isFull(): boolean {
    return this.kinds.length > 60_000 || this.shared.size > 10_000;
  }

  numberOf({ detector, class: name, scene, atMost }: Kind): number {
    const kind = { detector, class: name, ...(scene && { scene }), ...(atMost && { atMost }) };
    const key = JSON.stringify(kind);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.kinds.length);
    return this.kinds.push(kind) - 1;
  }

  kind(number: number): Kind {
    const kind = this.kinds[number];
    if (kind === undefined) throw new RangeError(`Expected one of ${this.kinds.length} kinds, got ${number}.`);
    return kind;
  }

  /** The same value for equal ones. */
  share<T>(value: T): T {
    const key = JSON.stringify(value);
    const known = this.shared.get(key);
    if (known !== undefined) return known as T;
    this.shared.set(key, value);
    return value;
  }
}

/** What a task's suggestion depends on, a few bytes an observation. Boxes, texts and matches explain a verdict and never change it. */
export class CompactTask {
  private readonly samples: Uint32Array;
  private readonly kinds: Uint16Array;
  private readonly scores: Float64Array;
  private readonly rest: Omit<DecideInput, 'observations' | 'policy' | 'policyDigest'>;

  constructor(
    { observations, ...rest }: Omit<DecideInput, 'policy' | 'policyDigest'>,
    private readonly vocabulary: Vocabulary,
  ) {
    const highest = new Map<number, { sample: number; kind: number; score: number }>();
    for (const seen of observations.filter(mayDecide)) {
      const kind = vocabulary.numberOf(seen);
      const key = seen.sample * 65_536 + kind;
      if (seen.score > (highest.get(key)?.score ?? 0))
        highest.set(key, { sample: seen.sample, kind, score: seen.score });
    }
    const kept = [...highest.values()];
    this.samples = Uint32Array.from(kept, ({ sample }) => sample);
    this.kinds = Uint16Array.from(kept, ({ kind }) => kind);
    this.scores = Float64Array.from(kept, ({ score }) => score);
    this.rest = { ...rest, detectors: vocabulary.share(rest.detectors), scenes: vocabulary.share(rest.scenes) };
  }

  /** About as many bytes as it takes in memory. */
  get sizeBytes(): number {
    const { inspected, plan } = this.rest;
    const pts = plan.kind === 'keyframe' ? plan.pts.length : 0;
    return TASK_BYTES + OBSERVATION_BYTES * this.samples.length + 16 * inspected.length + 8 * pts;
  }

  /** What a policy makes of it: the same suggestion as from everything that is kept of the task. */
  decide(policy: Policy): Suggestion {
    const observations = Array.from(this.samples, (sample, index) => ({
      ...this.vocabulary.kind(this.kinds[index] ?? 0),
      sample,
      score: this.scores[index] ?? 0,
    }));
    return decide({ ...this.rest, observations, policy, policyDigest: '' }).suggestion;
  }
}
