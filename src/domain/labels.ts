import { OBSERVATION_FLOOR, type Observation } from '../schema/observation.js';
import type { Scene } from '../schema/scene.js';

/**
 * Classes of observations that speak for a finding of the scene, each with the label that IMM gives an image for it (2020-09-30, result labels;
 * a video's label is the scene itself). Every other class (`neutral`, `drawing` …) is kept and never decides.
 */
export const IMAGE_LABELS: Readonly<Record<Scene, Readonly<Record<string, string>>>> = {
  porn: { porn: 'porn', hentai: 'porn', sexy: 'sexy', known: 'porn', term: 'porn' },
  terrorism: {
    known: 'others',
    term: 'others',
    emblem: 'logo',
    ...own('bloody', 'explosion', 'outfit', 'logo', 'weapon', 'politics', 'violence', 'crowd', 'parade'),
    ...own('carcrash', 'flag', 'location', 'others'),
  },
  ad: {
    qrcode: 'qrcode',
    barcode: 'ad',
    url: 'ad',
    phone: 'ad',
    messenger: 'ad',
    price: 'ad',
    term: 'spam',
    'end-card': 'ad',
    known: 'spam',
    ...own('ad', 'politics', 'porn', 'abuse', 'terrorism', 'contraband', 'spam', 'npx', 'programCode'),
  },
  live: {
    black: 'meaningless',
    frozen: 'meaningless',
    blurred: 'meaningless',
    flashing: 'meaningless',
    ...own('meaningless', 'PIP', 'smoking', 'drivelive'),
  },
  logo: { overlay: 'TV', known: 'trademark', emblem: 'trademark', ...own('TV', 'trademark') },
};

/** Classes whose name is the label, as models of one's own give them. */
function own(...labels: string[]): Record<string, string> {
  return Object.fromEntries(labels.map((label) => [label, label]));
}

/** Classes that ask for a person at most; and of images only, where IMM has a label of its own for them. */
const SUGGESTIVE: readonly string[] = ['sexy'];

const DECISIVE = new Set(Object.values(IMAGE_LABELS).flatMap((classes) => Object.keys(classes)));

/** Whether an observation speaks for the scene, its score apart. */
export function speaksFor(scene: Scene, { class: kind, scene: only }: Pick<Observation, 'class' | 'scene'>): boolean {
  return (only === undefined || only === scene) && Object.hasOwn(IMAGE_LABELS[scene], kind);
}

/** Whether a class is one that asks for a person at most, of images. */
export function isSuggestive(kind: string): boolean {
  return SUGGESTIVE.includes(kind);
}

/** Whether any policy can let an observation decide: only samples with such a one can become evidence. */
export function mayDecide({ class: kind, score }: Observation): boolean {
  return score >= OBSERVATION_FLOOR && isDecisive(kind);
}

/** Whether a class speaks for any scene at all. */
export function isDecisive(kind: string): boolean {
  return DECISIVE.has(kind);
}
