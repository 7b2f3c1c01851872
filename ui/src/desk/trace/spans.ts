// The steps of a turn in the order and depth in which they are read: the same for the waterfall and the list.

import type { Span } from "../wire/types.ts";

export interface Step {
  span: Span;
  depth: number;
  /** Its number, as it is called in both views. */
  n: number;
}

export function laidOut(spans: Span[]): Step[] {
  const known = new Set(spans.map((span) => span.id));
  const below = new Map<string | null, Span[]>();
  for (const span of spans) {
    const parent = span.parent !== null && known.has(span.parent) && span.parent !== span.id ? span.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), span]);
  }
  const steps: Step[] = [];
  const seen = new Set<string>();
  const walk = (parent: string | null, depth: number) => {
    for (const span of [...(below.get(parent) ?? [])].sort((a, b) => a.start_ms - b.start_ms)) {
      if (seen.has(span.id)) continue;
      seen.add(span.id);
      steps.push({ span, depth, n: steps.length + 1 });
      walk(span.id, depth + 1);
    }
  };
  walk(null, 0);
  return steps;
}

/** Round marks for a scale that ends at `end`. */
export function marks(end: number): number[] {
  const rough = Math.max(1, end) / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= rough) ?? rough;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, n) => Math.round(n * step * 1000) / 1000);
}

const BAD = new Set(["refused", "timeout", "unreachable", "breaker_open", "rate_limited", "bad_answer", "too_large", "failed", "invalid"]);
const OPEN = new Set(["not_found", "ambiguous", "unknown", "needs_confirmation", "needs_approval", "needs_step_up"]);

/** How an outcome looks: not by colour alone, its word stands beside. */
export function tone(outcome: string | null): "good" | "alert" | "signal" | "" {
  if (!outcome) return "";
  return BAD.has(outcome) ? "alert" : OPEN.has(outcome) ? "signal" : "good";
}
