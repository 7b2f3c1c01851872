// What an agent does with a conversation; whoever was first is said, and what can be taken back can be.

import { Problem } from "../../wire/problem.ts";
import { go, withQuery } from "../router.svelte.ts";
import { at, post } from "../wire/api.ts";
import type { Row } from "../wire/types.ts";
import { plain, say, time } from "../words/words.svelte.ts";
import { notify } from "./announce.svelte.ts";
import { availability, setAway } from "./availability.svelte.ts";
import { current, refresh, rowChanged } from "./case.svelte.ts";
import { me } from "./me.svelte.ts";
import { change } from "./queue.svelte.ts";

/** Does it; gives whether it was done. */
async function act(conversation: string, verb: string, body: unknown = {}): Promise<boolean> {
  try {
    const row = await post<Row | undefined>(at(conversation, verb), body);
    if (row?.conversation) {
      change(row);
      rowChanged(row);
    }
    if (conversation === current.id) await refresh();
    return true;
  } catch (error) {
    await complain(Problem.from(error), conversation);
    return false;
  }
}

/** Says what did not work, and who was first where somebody was. */
export async function complain(problem: Problem, conversation: string): Promise<void> {
  if (problem.status === 409 && conversation === current.id) {
    await refresh();
    const owner = current.case?.row.owner;
    if (problem.code === "already_taken" && owner && owner.id !== me.id) return notify(say().act.taken(owner.name), { bad: true });
  }
  notify(plain(problem), { bad: true });
}

export const take = (conversation: string) => act(conversation, "take");
export const accept = (conversation: string) => act(conversation, "accept");
export const decline = (conversation: string) => act(conversation, "decline");
export const reopen = (conversation: string) => act(conversation, "reopen");

export async function resolve(conversation: string): Promise<boolean> {
  const done = await act(conversation, "resolve");
  if (done) notify(say().act.resolved, { act: { label: say().act.undo, run: () => void reopen(conversation) } });
  return done;
}

export async function snooze(conversation: string, until: Date): Promise<boolean> {
  const done = await act(conversation, "snooze", { until: until.toISOString() });
  if (done) notify(say().act.snoozed(time(until.toISOString(), Date.now())));
  return done;
}

export async function handBack(conversation: string, note: string): Promise<boolean> {
  const done = await act(conversation, "hand-back", { note });
  if (done) notify(say().act.handedBack);
  return done;
}

export async function transfer(conversation: string, where: { to?: string; queue?: string }, note: string): Promise<boolean> {
  const done = await act(conversation, "transfer", { ...where, note });
  if (done) notify(say().act.transferred);
  return done;
}

/** Both are one from now on; the one merged into is shown, with a way back. */
export async function merge(conversation: string, into: string): Promise<boolean> {
  const done = await act(conversation, "merge", { into });
  if (!done) return false;
  go(withQuery({ side: null }, `/desk/c/${into}`));
  notify(say().joined.done, { act: { label: say().joined.undo, run: () => void unmerge(conversation) } });
  return true;
}

/** A conversation stands by itself again. */
export async function unmerge(conversation: string): Promise<boolean> {
  const done = await act(conversation, "unmerge");
  if (done && conversation !== current.id) await refresh();
  if (done) notify(say().joined.undone);
  return done;
}

/** Takes whoever is due first. */
export async function nextToSolve(): Promise<void> {
  if (availability.away) return notify(say().queue.nextAway, { act: { label: say().you.comeBack, run: () => void setAway(false) } });
  try {
    const { conversation } = await post<{ conversation: string | null }>("/v1/desk/next");
    if (conversation) go(withQuery({ side: null }, `/desk/c/${conversation}`));
    else notify(say().queue.nextNone);
  } catch (error) {
    notify(plain(Problem.from(error)), { bad: true });
  }
}
