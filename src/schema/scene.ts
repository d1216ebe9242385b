/** What a task may be asked to look for; the wire names of IMM 2020-09-30. */
export const SCENES = ['porn', 'terrorism', 'ad', 'live', 'logo'] as const;
export type Scene = (typeof SCENES)[number];

/** Scenes that run when a request names none. */
export const DEFAULT_SCENES = ['porn', 'terrorism', 'ad'] as const satisfies readonly Scene[];

/** From harmless to harmful: the order is used to find the worst. */
export const SUGGESTIONS = ['pass', 'review', 'block'] as const;
export type Suggestion = (typeof SUGGESTIONS)[number];
