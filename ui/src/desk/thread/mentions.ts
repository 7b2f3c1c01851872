// Names in notes: `@Aiko` calls a colleague.

interface Named {
  name: string;
}

/** Everybody whom these words call, each once; of “@Ana” and “@Ana Lima” the longer name counts. */
export function mentionsIn<T extends Named>(text: string, all: T[]): T[] {
  let rest = text.toLocaleLowerCase();
  const longest = all.filter(({ name }) => name).toSorted((a, b) => b.name.length - a.name.length);
  return longest.filter(({ name }) => {
    const call = `@${name.toLocaleLowerCase()}`;
    const parts = rest.split(call);
    // A name goes on where a letter follows: “@Anabel” does not call Ana.
    const found = parts.slice(1).some((after) => !/^[\p{L}\p{N}]/u.test(after));
    if (found) rest = parts.join(" ");
    return found;
  });
}

/** What is being typed after the last @, if a name is. */
export function typedName(text: string): string | null {
  return /(?:^|\s)@([^@\n]{0,30})$/u.exec(text)?.[1] ?? null;
}
