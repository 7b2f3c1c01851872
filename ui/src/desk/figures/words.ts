// The sentences of the figures, in the language in use.

import { figures as english } from "../words/figures.en.ts";
import { say } from "../words/words.svelte.ts";

const LANGUAGES: Record<string, typeof english> = { en: english };

export function tell(): typeof english {
  return LANGUAGES[say().tag] ?? english;
}
