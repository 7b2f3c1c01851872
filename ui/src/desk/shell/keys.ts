// The desk's keys: letters by their place on the keyboard, so that they are the same in every language; each can be set otherwise or
// switched off, and all of them at once.

import { choices } from "../state/choices.svelte.ts";
import { type Binding, bindings } from "./bindings.svelte.ts";

export type KeyName = "next" | "down" | "up" | "resolve" | "resolveNext" | "snooze" | "reply" | "note" | "canned" | "palette" | "help" | "landmarks";

interface Key extends Binding {
  /** How it is written. */
  shown: string[];
}

const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
const ALT = mac ? "⌥" : "Alt";

export const KEYS: Record<KeyName, Key> = {
  next: { code: "KeyN", alt: true, shown: [ALT, "N"] },
  down: { code: "KeyJ", alt: true, shown: [ALT, "J"] },
  up: { code: "KeyK", alt: true, shown: [ALT, "K"] },
  resolve: { code: "KeyE", alt: true, shown: [ALT, "E"] },
  resolveNext: { code: "KeyE", alt: true, shift: true, shown: [ALT, "Shift", "E"] },
  snooze: { code: "KeyM", alt: true, shown: [ALT, "M"] },
  reply: { code: "KeyL", alt: true, shown: [ALT, "L"] },
  note: { code: "KeyP", alt: true, shown: [ALT, "P"] },
  canned: { code: "Slash", alt: true, shown: [ALT, "/"] },
  palette: { code: "KeyK", main: true, shown: [mac ? "⌘" : "Ctrl", "K"] },
  help: { code: "", shown: ["?"] },
  landmarks: { code: "F6", shown: ["F6"] },
};

/** The key that does it; none where it is switched off. */
function keyFor(name: KeyName): Binding | null {
  return bindings.decided(name) ? bindings.of(name) : KEYS[name];
}

/** How the key that does it is written; nothing where it is switched off. */
export function shownFor(name: KeyName): string[] {
  return bindings.decided(name) ? written(bindings.of(name)) : KEYS[name].shown;
}

/** A key as it is written on most keyboards. */
export function written(key: Binding | null): string[] {
  if (!key) return [];
  const held = [key.main ? (mac ? "⌘" : "Ctrl") : "", key.alt ? ALT : "", key.shift ? "Shift" : ""].filter(Boolean);
  return [...held, SIGNS[key.code] ?? key.code.replace(/^(Key|Digit)(?=.$)/, "")];
}
const SIGNS: Record<string, string> = { Slash: "/", Backslash: "\\", Comma: ",", Period: ".", Semicolon: ";", Quote: "'", Minus: "-", Equal: "=", Backquote: "`", BracketLeft: "[", BracketRight: "]" };

/** The key somebody pressed, where it may do something of ours: a function key, or another together with Alt or Ctrl. */
export function pressed(event: KeyboardEvent): Binding | null {
  const [main, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  const alone = /^F\d+$/.test(event.code);
  const sign = /^(Key.|Digit\d)$/.test(event.code) || event.code in SIGNS;
  if (other || event.getModifierState("AltGraph") || !(alone || (sign && (event.altKey || main)))) return null;
  return { code: event.code, alt: event.altKey, shift: event.shiftKey, main };
}

function same(one: Binding, other: Binding): boolean {
  return one.code === other.code && !!one.alt === !!other.alt && !!one.main === !!other.main && !!one.shift === !!other.shift;
}

/** What a key does already. */
export function taken(key: Binding, but: KeyName): KeyName | undefined {
  return (Object.keys(KEYS) as KeyName[]).find((name) => {
    const known = name === but ? null : keyFor(name);
    // Shift turns the way round that this one goes.
    return known && (same(known, key) || (name === "landmarks" && same({ ...known, shift: true }, key)));
  });
}

/** Which key of ours this is. */
function keyOf(event: KeyboardEvent): KeyName | undefined {
  if (event.isComposing || event.getModifierState("AltGraph")) return undefined;
  const writing = (event.target as Element | null)?.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "?" && !event.altKey && !event.ctrlKey && !event.metaKey) return writing || bindings.decided("help") ? undefined : "help";
  const key = pressed(event);
  if (!key) return undefined;
  return (Object.keys(KEYS) as KeyName[]).find((name) => {
    const known = keyFor(name);
    // Shift and F6 go round the other way.
    return known && same(known, name === "landmarks" ? { ...key, shift: !!known.shift } : key);
  });
}

type Handler = (event: KeyboardEvent) => void;
const handlers = new Map<KeyName, Handler[]>();

/** Answers a key while a part of the screen is there. The last to come is asked. */
export function onKey(name: KeyName, handler: Handler): () => void {
  const all = handlers.get(name) ?? [];
  handlers.set(name, [...all, handler]);
  return () => handlers.set(name, (handlers.get(name) ?? []).filter((one) => one !== handler));
}

/** Presses a key by its name: what the palette does. */
export function press(name: KeyName): boolean {
  const handler = handlers.get(name)?.at(-1);
  handler?.(new KeyboardEvent("keydown"));
  return handler !== undefined;
}

export function canPress(name: KeyName): boolean {
  return (handlers.get(name)?.length ?? 0) > 0;
}

/** Hears the whole page. */
export function hearKeys(event: KeyboardEvent): void {
  const name = keyOf(event);
  // F6 and the palette are no letters by themselves; everything else can be switched off at once.
  if (!name || (!choices.keys && name !== "landmarks" && name !== "palette")) return;
  // A dialog has the keyboard for itself.
  if (document.querySelector("dialog[open]") && name !== "palette") return;
  const handler = handlers.get(name)?.at(-1);
  if (!handler) return;
  event.preventDefault();
  handler(event);
}
