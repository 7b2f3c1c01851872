// A text cut at its marks.

export interface Part {
  text: string;
  marked: boolean;
}

/** The text in order; what lies in a mark apart from what does not. Marks that overlap or lie outside are cut to what is there. */
export function parts(text: string, marks: readonly (readonly [number, number])[]): Part[] {
  const found: Part[] = [];
  let at = 0;
  const take = (end: number, marked: boolean) => {
    if (end > at) found.push({ text: text.slice(at, end), marked });
    at = Math.max(at, end);
  };
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    take(Math.min(from, text.length), false);
    take(Math.min(to, text.length), true);
  }
  take(text.length, false);
  return found;
}
