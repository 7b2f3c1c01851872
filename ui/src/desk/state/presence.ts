// What colleagues see of us: which conversation we look at, whether we write, and what.

import { post } from "../wire/api.ts";

/** What we said lapses after 30 seconds. */
const AGAIN = 20_000;
const STILL_WRITING = 6_000;
/** What is being written is told this often at most. */
const AT_MOST_EVERY = 700;
/** The server takes no more. */
const LONGEST = 8_000;

let conversation: string | null = null;
let typing = false;
let draft = "";
let silent: ReturnType<typeof setTimeout> | undefined;
let soon: ReturnType<typeof setTimeout> | undefined;

/** One at a time, so that what was written first is not told last. */
let telling = false;
let more = false;

function say(): void {
  if (telling) {
    more = true;
    return;
  }
  telling = true;
  more = false;
  // Nobody is told about it if it fails: it lapses, and is said again soon.
  void post("/v1/desk/presence", typing ? { conversation, typing, draft } : { conversation, typing })
    .catch(() => {})
    .finally(() => {
      telling = false;
      if (more) say();
    });
}

/** Says nothing more of what was being written. */
function quiet(): void {
  clearTimeout(silent);
  clearTimeout(soon);
  soon = undefined;
  typing = false;
  draft = "";
}

export function look(at: string | null): void {
  if (at === conversation) return;
  conversation = at;
  quiet();
  say();
}

/** A key was pressed in the reply: said with the first one, then now and again, and taken back a while after the last. */
export function wrote(text: string): void {
  draft = text.slice(0, LONGEST);
  clearTimeout(silent);
  silent = setTimeout(stopped, STILL_WRITING);
  if (!typing) {
    typing = true;
    return say();
  }
  soon ??= setTimeout(() => {
    soon = undefined;
    say();
  }, AT_MOST_EVERY);
}

export function stopped(): void {
  if (!typing) return quiet();
  quiet();
  say();
}

setInterval(() => conversation && document.visibilityState === "visible" && say(), AGAIN);
document.addEventListener("visibilitychange", () => {
  if (!conversation) return;
  if (document.visibilityState === "visible") say();
  else stopped();
});
