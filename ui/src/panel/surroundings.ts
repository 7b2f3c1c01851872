// What every piece of the panel may use: words, the server's time, and what the customer can do.

import type { Conversation } from "../conversation/conversation.ts";
import type { Strings } from "../languages/strings.ts";
import type { Problem } from "../wire/problem.ts";
import type { ServerClock } from "./age.ts";

export interface Surroundings {
  strings: Strings;
  clock: ServerClock;
  conversation: Conversation;
  /** Says a failure in plain words. */
  complain(problem: Problem): void;
  /** Opens a passage of the knowledge over the transcript. */
  read(id: string, title: string, from: HTMLElement): void;
  /** Gives the keyboard back to the message field: what had it is going away. */
  refocus(): void;
}

/** The plain words for a problem's code. */
export function plain(strings: Strings, code: string): string {
  return strings.problems[code] ?? strings.problem;
}
