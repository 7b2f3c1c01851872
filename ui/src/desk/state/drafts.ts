// What was begun and not sent, for each conversation: it survives reloads, other conversations and the end of a session.

import { keep, load } from "./kept.ts";
import { me } from "./me.svelte.ts";

export interface Draft {
  mode: "reply" | "note";
  reply: string;
  note: string;
}

const EMPTY: Draft = { mode: "reply", reply: "", note: "" };

function name(conversation: string): string {
  return `draft.${me.id}.${conversation}`;
}

export function draftOf(conversation: string): Draft {
  return { ...EMPTY, ...load<Partial<Draft>>(name(conversation), {}) };
}

export function keepDraft(conversation: string, draft: Draft): void {
  keep(name(conversation), draft.reply || draft.note ? draft : null);
}
