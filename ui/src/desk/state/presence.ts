// What colleagues see of us: which conversation we look at, and whether we write.

import { post } from "../wire/api.ts";

/** What we said lapses after 30 seconds. */
const AGAIN = 20_000;
const STILL_WRITING = 6_000;

let conversation: string | null = null;
let typing = false;
let silent: ReturnType<typeof setTimeout> | undefined;

function say(): void {
  // Nobody is told about it if it fails: it lapses, and is said again soon.
  post("/v1/desk/presence", { conversation, typing }).catch(() => {});
}

export function look(at: string | null): void {
  if (at === conversation) return;
  conversation = at;
  typing = false;
  clearTimeout(silent);
  say();
}

/** A key was pressed in the reply: said with the first one, and taken back a while after the last. */
export function wrote(): void {
  clearTimeout(silent);
  silent = setTimeout(stopped, STILL_WRITING);
  if (typing) return;
  typing = true;
  say();
}

export function stopped(): void {
  clearTimeout(silent);
  if (!typing) return;
  typing = false;
  say();
}

setInterval(() => conversation && document.visibilityState === "visible" && say(), AGAIN);
document.addEventListener("visibilitychange", () => {
  if (!conversation) return;
  if (document.visibilityState === "visible") say();
  else stopped();
});
