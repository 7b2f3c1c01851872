// Marks in a draft: each stands for a value that could not be had, and no draft with one in it is sent.

const MARK = /⟦[^⟧]*⟧/g;

/** Every mark in these words, in order. */
export function marksIn(text: string): string[] {
  return text.match(MARK) ?? [];
}

/** Where the first mark stands, from and to. */
export function firstMark(text: string): [number, number] | null {
  const found = text.search(MARK);
  return found < 0 ? null : [found, text.indexOf("⟧", found) + 1];
}

/** A draft with these words put in: in the place of those that were put in before where nobody changed them, else at the end. */
export function putIn(draft: string, words: string, before: string | undefined): string {
  if (before && draft.includes(before)) return draft.replace(before, () => words);
  return draft.trim() ? `${draft.trimEnd()}\n${words}` : words;
}
