// What is on the screen, folded from the conversation's events. Pure: the same events give the same view, also after a reload.

import type { ActionStep, ConversationState, LiveEvent, Proposal, Question, SentFile, Waiting } from "../wire/types.ts";

/** A system an answer rests on, with the oldest time it was read for it. */
export interface Source {
  name: string;
  fetchedAt: string;
}

/** One thing in the transcript. An item that changes is a new object under the same key. */
export type Item =
  | { kind: "message"; key: string; by: "customer" | "agent"; name?: string; text: string; files?: SentFile[]; at: string; sending?: Sending }
  | { kind: "part"; key: string; turn: string; text: string; at: string; sources: Source[]; citations: Cited[]; rating: Rated }
  | { kind: "question"; key: string; at: string; question: Question; open: boolean }
  | { kind: "proposal"; key: string; at: string; proposal: Proposal; step: ActionStep | "open"; verified: boolean }
  | { kind: "note"; key: string; at: string; state: ConversationState | "moved"; by?: string }
  | { kind: "survey"; key: string; at: string; score: number | undefined };

/** A passage an answer was taken from. */
export interface Cited {
  id: string;
  title: string;
}

/** May the customer rate it (`0`), what did they say (1 or -1), or is it not for rating? */
export type Rated = number | undefined;

/** How far a message of ours has come that the server has not yet told us about. */
export type Sending = { state: "sending" } | { state: "failed"; code: string };

export interface View {
  items: Item[];
  /** Who has the conversation. */
  state: ConversationState;
  /** A reply is being made: what is being done, in words where the server said it. */
  working: string | undefined;
  /** Where in line the customer is, while they wait for a person. */
  waiting: Waiting | undefined;
}

export const EMPTY: View = { items: [], state: "bot", working: undefined, waiting: undefined };

/** Replies that end in an answer, good or bad, and not in a question, a card or a person. */
const RATEABLE = ["answered", "done", "refused", "declined"];

/** The view after one more event. */
export function fold(view: View, event: LiveEvent): View {
  const { at } = event;
  switch (event.kind) {
    case "message": {
      const { by, text, name, files } = event;
      const items = by === "customer" ? settleQuestions(view.items) : view.items;
      const working = by === "customer" && view.state === "bot" ? "" : view.working;
      return { ...view, working, items: put(items, { kind: "message", key: event.client ?? event.message, by, ...(name && { name }), text, ...(files?.length && { files }), at }) };
    }
    case "part": {
      const citations = event.citations.filter(({ id }, n, all) => all.findIndex((other) => other.id === id) === n);
      const { turn, text } = event;
      const part: Item = { kind: "part", key: `${turn}/${event.part}`, turn, text, at, sources: sources(event.facts), citations, rating: undefined };
      return { ...view, working: view.working && "", items: put(view.items, part) };
    }
    case "progress":
      return { ...view, working: event.text };
    case "question": {
      const question: Item = { kind: "question", key: `${event.turn}/question`, at, question: event.question, open: true };
      return { ...view, working: undefined, items: put(settleQuestions(view.items), question) };
    }
    case "proposal": {
      const { proposal } = event;
      const card: Item = { kind: "proposal", key: proposal.id, at, proposal, step: "open", verified: false };
      return { ...view, working: undefined, items: put(view.items, card) };
    }
    case "action": {
      const items = view.items.map((item) => {
        const same = item.kind === "proposal" && item.key === event.action;
        return same ? { ...item, step: event.state, verified: event.verified === true } : item;
      });
      const running = event.state === "confirmed" || event.state === "sent";
      return { ...view, working: running ? (view.working ?? "") : view.working, items };
    }
    case "closed": {
      const items = RATEABLE.includes(event.status) ? rated(view.items, event.turn, 0) : view.items;
      return { ...view, working: undefined, items };
    }
    case "cut":
      return { ...view, working: undefined };
    case "state":
      return stateChanged(view, event);
    case "ended":
      return { ...view, working: undefined, items: past(view.items) };
    case "survey":
      return { ...view, items: put(view.items, { kind: "survey", key: `survey/${event.seq}`, at, score: undefined }) };
    case "rated": {
      if (event.rating === "helpful" && event.turn) return { ...view, items: rated(view.items, event.turn, event.score > 0 ? 1 : -1) };
      const last = view.items.findLast((item) => item.kind === "survey");
      return { ...view, items: view.items.map((item) => (item === last ? { ...last, score: event.score } : item)) };
    }
    default:
      // A newer server may tell us more than we know how to show.
      return view;
  }
}

/** What was said in a conversation that has ended: still to be read, but nothing in it can be answered, decided or rated any more. */
export function past(items: Item[]): Item[] {
  return settleQuestions(items)
    .filter((item) => item.kind !== "survey" || item.score !== undefined)
    .map((item) => {
      if (item.kind === "proposal" && item.step === "open") return { ...item, step: "cancelled" };
      return item.kind === "part" ? { ...item, rating: undefined } : item;
    });
}

/** The same above the conversation that follows it: places in a stream are counted anew there, so they are named after theirs. */
export function above(items: Item[], conversation: string, at: string): Item[] {
  const named = past(items).map((item) => (item.kind === "note" || item.kind === "survey" ? { ...item, key: `${conversation}/${item.key}` } : item));
  return [...named, { kind: "note", key: `${conversation}/moved`, at, state: "moved" }];
}

/** Somebody else has the conversation now, or the line has moved. */
function stateChanged(view: View, event: Extract<LiveEvent, { kind: "state" }>): View {
  const { state, by, at, position, expected_wait_s, open, opens_at } = event;
  const waiting = state === "waiting" ? { position, expected_wait_s, open, opens_at } : undefined;
  if (state === view.state) return { ...view, waiting };
  const note: Item = { kind: "note", key: `state/${event.seq}`, at, state, ...(by && { by }) };
  const items = state === "bot" ? view.items : settleQuestions(view.items);
  return { state, waiting, working: state === "bot" ? view.working : undefined, items: put(items, note) };
}

/** The last part of a turn carries the rating of the whole answer. */
function rated(items: Item[], turn: string, rating: number): Item[] {
  const last = items.findLast((item) => item.kind === "part" && item.turn === turn);
  return items.map((item) => (item === last && item.kind === "part" ? { ...item, rating } : item));
}

/** Puts an item at the end, or in the place of the one it replaces: a part sent again is not a second part. */
function put(items: Item[], item: Item): Item[] {
  const at = items.findIndex((other) => other.key === item.key);
  return at < 0 ? [...items, item] : items.map((other, n) => (n === at ? item : other));
}

/** Once the customer went on, the choices of an earlier question are no longer offered. */
function settleQuestions(items: Item[]): Item[] {
  return items.map((item) => (item.kind === "question" && item.open ? { ...item, open: false } : item));
}

/** Each system once. Of several readings the oldest counts, so that nothing looks fresher than it is. */
function sources(facts: { source: string; fetched_at: string }[]): Source[] {
  const oldest = new Map<string, string>();
  for (const { source, fetched_at } of facts) {
    const known = oldest.get(source);
    if (!known || Date.parse(fetched_at) < Date.parse(known)) oldest.set(source, fetched_at);
  }
  return [...oldest].map(([name, fetchedAt]) => ({ name, fetchedAt }));
}
