// Which list a conversation stands in, and in which order: the same rules as the server's.

import type { List, Row } from "../wire/types.ts";

export const LISTS: List[] = ["mine", "waiting", "open", "bot", "snoozed", "resolved", "all"];

export function isList(text: string | null): text is List {
  return LISTS.includes(text as List);
}

export function belongs(row: Row, list: List, me: string): boolean {
  if (list === "all") return true;
  if (list === "mine") return (row.owner?.id === me || row.offered_to?.id === me) && row.state !== "resolved" && row.state !== "snoozed";
  return row.state === list;
}

/** Waiting: by when an answer is due, then by how long they wait. Elsewhere: the newest activity first. */
export function inOrder(list: List): (a: Row, b: Row) => number {
  if (list !== "waiting") return (a, b) => compare(b.last_at, a.last_at);
  return (a, b) => compare(a.due_at ?? "9999", b.due_at ?? "9999") || compare(a.wait_since ?? a.last_at, b.wait_since ?? b.last_at);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
