// The figures as the server gives them.

export type Interval = [number, number];

export type Unit = "conversations" | "share" | "milliseconds" | "messages" | "score";

export interface Change {
  value: number;
  interval: Interval;
}

export interface Point {
  at: string;
  value: number | null;
  count: number;
  n: number;
}

export interface Part {
  name: string;
  value: number | null;
  count: number;
  n: number;
  interval: Interval | null;
  few: boolean;
  change: Change | null;
  course: Point[];
}

export interface Figure {
  name: string;
  title: string;
  unit: Unit;
  value: number | null;
  count: number;
  n: number;
  interval: Interval | null;
  few: boolean;
  standing: "good" | "watch" | "alarm" | null;
  change: Change | null;
  parts: Part[];
  course: Point[];
  spread: { value: number; count: number }[];
}

export interface Split {
  name: string;
  n: number;
  few: boolean;
  outcomes: { name: string; value: number; count: number; interval: Interval | null }[];
}

export interface Figures {
  from: string;
  to: string;
  zone: string;
  channel: string | null;
  channels: string[];
  at: string;
  step: "day" | "month";
  contained_after_quiet: number;
  durable_after: number;
  csat_scale: number;
  running: number;
  few: number;
  figures: Figure[];
  by: string | null;
  split: Split[];
}

export interface Definition {
  name: string;
  title: string;
  words: string;
  formula: string;
  source: string;
  unit: Unit;
  interval: string;
}

export interface Row {
  conversation: string;
  opened_at: string;
  channel: string;
  language: string;
  topic: string | null;
  outcome: string;
  durable: boolean | null;
  reason: string | null;
  messages: number;
  first_answer: number | null;
  waited: number | null;
  solved: number | null;
  csat: number | null;
  reopened: boolean;
}

/** The outcomes from the worst to the best. */
export const LADDER = ["abandoned", "unassisted", "escalated", "assisted_escalation", "contained", "verified"] as const;
