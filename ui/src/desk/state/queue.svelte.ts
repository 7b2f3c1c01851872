// The list of conversations as it is shown: pages as they are needed, changes as they happen, nothing that moves under the pointer.

import { Problem } from "../../wire/problem.ts";
import { get } from "../wire/api.ts";
import type { Counts, List, Queue, Row } from "../wire/types.ts";
import { belongs, inOrder } from "./lists.ts";
import { hear } from "./live.svelte.ts";
import { me } from "./me.svelte.ts";

const PAGE = 100;

let list = $state<List>("waiting");
let search = $state("");
let rows = $state.raw<Row[]>([]);
let next: string | null = null;
let counts = $state.raw<Counts>({});
let oldest = $state<string | null>(null);
let loading = $state(true);
let problem = $state.raw<Problem | null>(null);
/** What came while the list was being used: shown when asked for. */
let held = $state.raw<Row[]>([]);
let stirred = $state(false);
/** Is the pointer or the focus in the list? */
let busy = false;
let round = 0;
let fetching = false;
/** What happened while a page was under way. */
let meanwhile: Row[] = [];

export const queue = {
  get list() {
    return list;
  },
  get search() {
    return search;
  },
  get rows() {
    return rows;
  },
  /** How many there are in all, as far as known. */
  get total() {
    return search ? (next ? -1 : rows.length) : Math.max(counts[list] ?? 0, rows.length);
  },
  get counts() {
    return counts;
  },
  get oldest() {
    return oldest;
  },
  get loading() {
    return loading;
  },
  get problem() {
    return problem;
  },
  get held() {
    return held.length;
  },
  /** Has the order changed since? */
  get stirred() {
    return stirred;
  },
};

/** Shows a list from its beginning. */
export async function showList(which: List, words: string): Promise<void> {
  if (which === list && words === search && (rows.length > 0 || fetching)) return;
  list = which;
  search = words;
  rows = [];
  await reload();
}

export async function reload(): Promise<void> {
  const mine = ++round;
  next = null;
  held = [];
  stirred = false;
  problem = null;
  loading = rows.length === 0;
  await page(mine, null);
}

/** The next page, when the end of the list comes into sight. */
export async function more(): Promise<void> {
  if (next && !fetching) await page(round, next);
}

async function page(mine: number, after: string | null): Promise<void> {
  fetching = true;
  meanwhile = [];
  try {
    const answer = await get<Queue>("/v1/desk/queue", { list, q: search, after, limit: PAGE });
    if (mine !== round) return;
    const known = new Set(after ? rows.map((row) => row.conversation) : []);
    rows = [...(after ? rows : []), ...answer.data.filter((row) => !known.has(row.conversation))];
    next = answer.next;
    counts = answer.counts;
    oldest = answer.oldest_wait_at;
    for (const row of meanwhile) change(row);
  } catch (error) {
    if (mine === round) problem = Problem.from(error);
  } finally {
    if (mine === round) {
      fetching = false;
      loading = false;
    }
  }
}

/** The list is being used, or not any more. */
export function using(yes: boolean): void {
  busy = yes;
  if (!yes && !search && (held.length > 0 || stirred)) settle();
}

/** Shows what was held back, in its right place. */
export function settle(): void {
  const all = new Map(rows.map((row) => [row.conversation, row]));
  for (const row of held) all.set(row.conversation, row);
  rows = [...all.values()].filter((row) => belongs(row, list, me.id)).sort(inOrder(list));
  held = [];
  stirred = false;
}

/** A row as it is now, whoever says so. */
export function change(row: Row): void {
  if (fetching) meanwhile.push(row);
  const fits = belongs(row, list, me.id);
  const place = rows.findIndex((one) => one.conversation === row.conversation);
  if (place >= 0) {
    const before = rows[place] as Row;
    rows = rows.with(place, row);
    const moved = !fits || inOrder(list)(before, row) !== 0;
    if (moved) stirred = true;
  } else if (fits && !search) {
    held = [...held.filter((one) => one.conversation !== row.conversation), row];
  } else held = held.filter((one) => one.conversation !== row.conversation);
  // Order matters where somebody waits; elsewhere a new word does not shuffle the list before one looks away.
  if (!busy && (held.length > 0 || stirred) && !search) settle();
}

/** Somebody else looks at a conversation, or looks away. */
function seen({ conversation, viewing }: { conversation: string; viewing: Row["viewing"] }): void {
  const place = rows.findIndex((one) => one.conversation === conversation);
  if (place >= 0) rows = rows.with(place, { ...(rows[place] as Row), viewing });
}

export function startQueue(): void {
  hear("row", change);
  hear("presence", seen);
  hear("reset", () => void reload());
  hear("counts", (said) => {
    const { oldest_wait_at, counts: inner, ...flat } = said;
    counts = { ...counts, ...(inner ?? flat) };
    if (oldest_wait_at !== undefined) oldest = oldest_wait_at;
  });
}
