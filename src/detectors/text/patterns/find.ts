/** Something that advertises, found in a text. */
export interface Find {
  class: 'url' | 'phone' | 'messenger' | 'price';
  /** In a form that is equal for equal things, however they were spaced. */
  text: string;
  /** 0–1: how surely writing of this form is what it seems; see the tables beside the patterns. */
  certainty: number;
  /** Position in the text searched, in UTF-16 code units; `end` is one past. */
  start: number;
  end: number;
}

/** One form, and how sure its matches are; `judge` may know better: 0 means that it is none. */
export interface Form {
  pattern: RegExp;
  certainty: number;
  judge?: (match: RegExpExecArray) => number;
  /** What is found in a form that is equal for equal things; absent: as written, without spaces and in lower case. */
  text?: (match: RegExpExecArray) => string;
}

/** All matches of the forms; where two lie over each other, the first form's. */
export function findForms(kind: Find['class'], forms: readonly Form[], text: string): Find[] {
  return forms.flatMap(({ pattern, certainty, judge, text: write }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const sure = judge?.(match) ?? certainty;
      if (sure === 0) return [];
      const { index: start } = match;
      return [
        {
          class: kind,
          text: write?.(match) ?? compact(match[0]),
          certainty: sure,
          start,
          end: start + match[0].length,
        },
      ];
    }),
  );
}

/** Each find that lies over none before it. */
export function apart(finds: readonly Find[]): Find[] {
  const kept: Find[] = [];
  for (const find of finds)
    if (!kept.some((other) => find.start < other.end && other.start < find.end)) kept.push(find);
  return kept;
}

function compact(text: string): string {
  return text.replaceAll(/\s/g, '').toLowerCase();
}
