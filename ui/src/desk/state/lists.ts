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

/** Waiting: by the minute an answer is due, then whoever sounds upset, then by how long they wait. Elsewhere: the newest activity first. */
export function inOrder(list: List): (a: Row, b: Row) => number {
  if (list !== "waiting") return (a, b) => compare(b.last_at, a.last_at);
  return (a, b) => minute(a) - minute(b) || calm(a) - calm(b) || compare(waits(a), waits(b)) || compare(a.opened_at, b.opened_at);
}

/** Where nothing is promised, it is due after everything that is. */
const UNPROMISED = 1e12;

function minute(row: Row): number {
  return row.pressing_at ? Math.floor(Date.parse(row.pressing_at) / 60_000) : UNPROMISED + Math.floor(Date.parse(waits(row)) / 60_000);
}

function waits(row: Row): string {
  return row.wait_since ?? row.last_at;
}

/** 0: very upset, 1: upset, 2: neither. */
export function calm({ feeling }: Pick<Row, "feeling">): 0 | 1 | 2 {
  return !feeling || feeling.last >= -333 ? 2 : feeling.last >= -666 ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
