// The words of the language in use, and how times, ages and values are written in it.

import { coarse } from "../../panel/age.ts";
import { label, words as shortly } from "../../panel/values.ts";
import type { Problem } from "../../wire/problem.ts";
import { english, type Words } from "./en.ts";
import { dateForm, numberForm, spanForm } from "./forms.ts";

const LANGUAGES: Record<string, Words> = { en: english };

function fitting(): Words {
  for (const tag of navigator.languages) {
    const found = LANGUAGES[tag] ?? LANGUAGES[tag.split("-")[0] ?? ""];
    if (found) return found;
  }
  return english;
}

const words = $state.raw(fitting());

/** Every sentence, in the language in use. */
export function say(): Words {
  return words;
}

/** Numbers and times follow the viewer's own habits where they are of the language in use. */
export function habits(): string {
  return (own ??= navigator.languages.find((tag) => tag.split("-")[0] === words.tag) ?? words.tag);
}
let own: string | undefined;

export function plain(problem: Problem): string {
  return words.problems[problem.code] ?? (problem.message || words.problem);
}

const TODAY: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
const BEFORE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };

function sameDay(a: number, b: number): boolean {
  if (Math.abs(a - b) > 90_000_000) return false;
  const [one, other] = [new Date(a), new Date(b)];
  return one.getDate() === other.getDate() && one.getMonth() === other.getMonth();
}

/** “14:02” today, with the day before that. */
export function time(at: string, now: number): string {
  const then = Date.parse(at);
  return dateForm(habits(), sameDay(then, now) ? TODAY : BEFORE).format(then);
}

export function day(at: string): string {
  return dateForm(habits(), { dateStyle: "medium" }).format(Date.parse(at));
}

/** All of it, for who hovers. */
export function exact(at: string): string {
  return dateForm(habits(), { dateStyle: "full", timeStyle: "medium" }).format(Date.parse(at));
}

/** “4s ago”. */
export function ago(at: string, now: number): string {
  const [count, unit] = coarse(now - Date.parse(at));
  return spanForm(habits()).format(-count, unit);
}

/** A clock that runs: “0:38”, “1:42:07”, “3 d”. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  if (h >= 48) return numberForm(habits(), { style: "unit", unit: "day", unitDisplay: "narrow" }).format(Math.floor(h / 24));
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length of time in its largest whole unit: “2 hours”, “90 minutes”. */
export function lasting(ms: number): string {
  const units = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]] as const;
  const [unit, length] = units.find(([, length]) => ms >= length && ms % length === 0) ?? (["second", 1_000] as const);
  return numberForm(habits(), { style: "unit", unit, unitDisplay: "long" }).format(Math.round(ms / length));
}

/** A word of a closed list as people read it; one that a company added, made readable. */
export function named(list: Record<string, string>, word: string): string {
  return list[word] ?? label(word);
}

/** A value of a fact in short; JSON where it has no short form. */
export function value(of: unknown): string {
  if (of === null || of === undefined || of === "" || (Array.isArray(of) && !of.length)) return "–";
  if (typeof of === "boolean") return of ? words.yes : words.no;
  return shortly(of, habits()) ?? (Array.isArray(of) ? of.map(inLine).join("\n") : inLine(of));
}

/** What a record is called, under the names that is usually kept. */
const CALLED = ["title", "name", "label"];

/** A record in one line: its values without their names, what it is called first. */
function inLine(of: unknown): string {
  if (of === null || typeof of !== "object") return value(of);
  const held = Object.entries(of).sort(([a], [b]) => Number(CALLED.includes(b)) - Number(CALLED.includes(a)));
  return shortly(of, habits()) ?? held.map(([, one]) => value(one).replaceAll("\n", "; ")).join(" · ");
}

export { label };
