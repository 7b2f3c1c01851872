// What the build adds to the language: style sheets as text, and the names of the files it wrote.

declare module "*.css" {
  const text: string;
  export default text;
}

/** Paths below the server's root. */
declare const FILES: { panel: string; languages: Record<string, string> };
