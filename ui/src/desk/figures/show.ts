// Numbers as people read them, in their own habits: shares, times, scores, and what lies between two of them.

import { habits } from "../words/words.svelte.ts";
import type { Change, Interval, Unit } from "./types.ts";
import { tell } from "./words.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function number(value: number, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(habits(), options).format(value);
}

/** A count. */
export function count(value: number): string {
  return number(value, { maximumFractionDigits: 0 });
}

/** A share; with a decimal only where it rests on enough to mean something. */
export function percent(value: number, n = 0): string {
  return number(value, { style: "percent", maximumFractionDigits: n >= 1000 || (value > 0 && value < 0.1) ? 1 : 0 });
}

function time(ms: number): string {
  const [value, unit] = ms < 90 * SECOND ? [ms / SECOND, "second"] : ms < 90 * MINUTE ? [ms / MINUTE, "minute"] : ms < 36 * HOUR ? [ms / HOUR, "hour"] : [ms / DAY, "day"];
  return number(value, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** A value in its unit; a dash where there is none. */
export function show(value: number | null, unit: Unit, n = 0): string {
  if (value === null) return "–";
  if (unit === "share") return percent(value, n);
  if (unit === "milliseconds") return time(value);
  if (unit === "score") return number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return count(value);
}

/** “58 % to 64 %”. */
export function within(interval: Interval, unit: Unit, n = 0): string {
  return tell().within(show(interval[0], unit, n), show(interval[1], unit, n));
}

/** “58 % to 64 % · n = 1,204”, and that it is few. */
export function resting(on: { interval: Interval | null; n: number; few: boolean }, unit: Unit, limit: number): string {
  const words = tell();
  const parts = [on.interval ? within(on.interval, unit, on.n) : "", words.n(on.n), on.n === 0 ? words.nothing : on.few ? words.few(limit) : ""];
  return parts.filter(Boolean).join(" · ");
}

/** “+3.1” percentage points. */
export function points(change: Change): string {
  return tell().points(number(change.value * 100, { signDisplay: "exceptZero", maximumFractionDigits: 1 }));
}

/** May the difference be chance? Then its interval holds 0. */
export function certain(change: Change): boolean {
  return change.interval[0] > 0 || change.interval[1] < 0;
}

/** A day or a month of a course. */
export function moment(at: string): string {
  const whole = at.length === 7;
  const date = new Date(whole ? `${at}-01T00:00:00Z` : `${at}T00:00:00Z`);
  return date.toLocaleDateString(habits(), { timeZone: "UTC", ...(whole ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" }) });
}

/** A day of the week, 1 being Monday. */
export function weekday(number: number, style: "short" | "long" = "short"): string {
  return new Date(Date.UTC(2024, 0, number)).toLocaleDateString(habits(), { weekday: style, timeZone: "UTC" });
}
