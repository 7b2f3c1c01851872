// The desk's wire, as the server's OpenAPI document declares it under /v1/desk and /v1/staff.

import type { ConversationState, Proposal } from "../../wire/types.ts";

export type { ConversationState, Proposal };

export type List = "mine" | "waiting" | "open" | "bot" | "snoozed" | "resolved" | "all";

export interface Staff {
  id: string;
  name: string;
}

export interface Me extends Staff {
  email: string | null;
  roles: string[];
  /** Nothing is offered to people who are away. */
  away: boolean;
  factors: { kind: string; label: string }[];
  company: { name: string; language: string; /** What of an agent takes a conversation that is nobody's. */ take_on: "reply" | "keystroke" };
  demo: boolean;
}

export interface Row {
  conversation: string;
  customer: { id: string; name: string | null } | null;
  level: string;
  channel: string;
  language: string;
  state: ConversationState;
  owner: Staff | null;
  offered_to: Staff | null;
  queue: string | null;
  reason: string | null;
  opened_at: string;
  last_at: string;
  wait_since: string | null;
  due_at: string | null;
  /** By when to answer as the queue is ordered: `due_at`, or at once for whoever sounds upset where feeling orders it. */
  pressing_at: string | null;
  snoozed_until: string | null;
  last: { who: Who; text: string; at: string } | null;
  feeling: { last: number; slope: number } | null;
  viewing: Staff[];
  repeat: boolean;
  outcome: string | null;
  merged_into: string | null;
  closed: boolean;
  /** The conversation this one follows, and the one that follows it. */
  earlier: string | null;
  successor: string | null;
}

/** A conversation that was merged into another. */
export interface Merged {
  conversation: string;
  by: Staff;
  at: string;
  /** From then on it can be taken back no more. */
  until: string;
  lines: Line[];
}

export type Counts = Partial<Record<List, number>>;

export interface Queue {
  data: Row[];
  next: string | null;
  counts: Counts;
  oldest_wait_at: string | null;
}

export type Who = "customer" | "bot" | "agent" | "system";

export interface FactSource {
  name: string;
  source: string;
  fetched_at: string;
  class: string;
}

export interface Line {
  seq: number;
  at: string;
  kind: "message" | "part" | "question" | "proposal" | "action" | "note" | "handoff" | "state" | "rating" | "file" | "cut";
  who: Who;
  staff: Staff | null;
  /** None where there are none, or once they are forgotten. */
  text: string | null;
  turn: string | null;
  facts: FactSource[];
  citations: { id: string; title: string }[];
  data: Record<string, unknown>;
}

export interface Brief {
  issue: string;
  facts: { name: string; label: string; value: unknown; source: string; tool: string; fetched_at: string }[];
  tried: { at: string; text: string; tool: string | null; outcome: string }[];
  feeling: { last: number; slope: number; word: string; since: string | null } | null;
  next: { text: string; tool: string | null }[];
  complete: boolean;
  made_at: string;
}

/** A write that waits for somebody. */
export interface Write {
  action: string;
  tool: string;
  args: Record<string, unknown>;
  effect: string;
  digest: string;
  expires: string;
  /** Prepared at the desk, so that the desk decides. */
  at_desk: boolean;
  asked_at: string;
  reason: string | null;
}

export interface Handoff {
  handoff: string;
  reason: string;
  rule: string | null;
  evidence: Record<string, unknown>;
  offered_at: string;
  accepted_at: string | null;
  by: Staff | null;
  ended_at: string | null;
  why: string | null;
}

export interface Case {
  row: Row;
  seq: number;
  lines: Line[];
  brief: Brief | null;
  proposal: Write | null;
  approvals: Write[];
  /** Writes whose effect nobody knows: somebody has to find out and say so. */
  unknown: Write[];
  handoffs: Handoff[];
  /** What was merged into this one, oldest first. */
  merged: Merged[];
  ratings: { kind: string; score: number; scale: number; reason: string | null; at: string }[];
  may: string[];
}

export interface Ask {
  name: string;
  kind: string;
  label: string;
  choices: string[];
  optional: boolean;
}

export interface CardAction {
  tool: string;
  title: string;
  args: Record<string, unknown>;
  asks: Ask[];
}

export interface Card {
  tool: string;
  title: string;
  args: Record<string, unknown>;
  outcome: string;
  detail: string | null;
  facts: { name: string; label: string; value: unknown; class: string }[];
  hidden: string[];
  source: string | null;
  fetched_at: string | null;
  actions: CardAction[];
}

export interface Colleague extends Staff {
  roles: string[];
  standing: "online" | "away" | "offline";
  /** How many conversations they have in hand. */
  conversations: number;
}

export interface Colleagues {
  data: Colleague[];
  queues: { name: string; team: string }[];
}

export interface OfferedReply {
  shortcode: string;
  title: string;
  preview: string;
}

/** A canned reply with its values; a mark stands in its words wherever one could not be had. */
export interface FilledReply {
  shortcode: string;
  language: string;
  text: string;
  values: { name: string; label: string; text: string; source: string | null; fetched_at: string | null }[];
  open: { name: string; mark: string; why: string; detail: string }[];
  about: Record<string, unknown>;
  choices: { arg: string; label: string; options: { value: unknown; label: string }[] }[];
}

export interface Past {
  conversation: string;
  opened_at: string;
  channel: string;
  state: ConversationState;
  outcome: string | null;
  reason: string | null;
  summary: string | null;
}

export interface Customer {
  customer: { id: string; name: string | null; facts: { name: string; label?: string; value: unknown; source?: string; fetched_at?: string }[] } | null;
  conversations: Past[];
  first_seen: string | null;
}

/** A line in which the words were found. */
export interface Hit {
  conversation: string;
  seq: number;
  at: string;
  who: Exclude<Who, "system">;
  staff: Staff | null;
  text: string;
  /** From where to where in the text, in units of this language's strings. */
  marks: [number, number][];
  /** Is the line longer than what stands here? */
  cut: boolean;
  channel: string;
  topic: string | null;
  outcome: string;
  feeling: number | null;
  /** A pseudonym, once proven. */
  customer: string | null;
}

export interface Hits {
  data: Hit[];
  next: string | null;
  searched: { messages: number; back_to: string | null; done: boolean };
}

export interface TraceRow {
  conversation: string;
  turn: string;
  at: string;
  text: string | null;
  skill: string | null;
  status: string | null;
  zone: string | null;
  ms: number | null;
  calls: number;
  outcome: string | null;
  mind: string | null;
}

export type SpanKind = "understand" | "retrieve" | "gate" | "call" | "confirm" | "verify" | "say" | "mind";

export interface Span {
  id: string;
  parent: string | null;
  kind: SpanKind;
  name: string;
  start_ms: number;
  ms: number;
  outcome: string | null;
  letter: string | null;
  detail: Record<string, unknown>;
}

export interface Trace {
  conversation: string;
  turn: string;
  cause: string;
  mind: string | null;
  rules: string;
  status: string | null;
  zone: string | null;
  started_at: string;
  ms: number | null;
  spans: Span[];
  understanding: Record<string, unknown> | null;
  escalation: { reason: string; rule: string | null; evidence: Record<string, unknown> } | null;
  parts: { n: number; text: string | null; facts: string[]; at_ms: number }[];
  /** Are arguments, values and words shown to this person? */
  content: boolean;
}

export interface Why {
  reason: string;
  rule: string | null;
  evidence: Record<string, unknown>;
  current: boolean;
  reproduced: boolean;
  /** What it was looked at again with, or why it could not be. */
  basis: string;
}

/** Somebody who is writing, with what stands there so far. */
export interface Writer extends Staff {
  draft?: string;
}

/** What the stream says, by the name of its event. */
export interface LiveEvents {
  row: Row;
  line: { conversation: string; line: Line };
  counts: Counts & { counts?: Counts; oldest_wait_at?: string | null };
  presence: { conversation: string; viewing: Staff[]; typing: Writer[] };
  availability: { away: boolean };
  bell: { conversation: string; reason: string };
  reset: Record<string, never>;
}
