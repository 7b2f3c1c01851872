// The desk's keys: letters by their place on the keyboard, so that they are the same in every language, and all of them off where that is wished.

import { choices } from "../state/choices.svelte.ts";

export type KeyName = "next" | "down" | "up" | "resolve" | "resolveNext" | "snooze" | "reply" | "note" | "palette" | "help" | "landmarks";

interface Key {
  code: string;
  alt?: boolean;
  shift?: boolean;
  /** Ctrl, or Cmd on a Mac. */
  main?: boolean;
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
  palette: { code: "KeyK", main: true, shown: [mac ? "⌘" : "Ctrl", "K"] },
  help: { code: "", shown: ["?"] },
  landmarks: { code: "F6", shown: ["F6"] },
};

/** Which key of ours this is. */
function keyOf(event: KeyboardEvent): KeyName | undefined {
  if (event.isComposing || event.getModifierState("AltGraph")) return undefined;
  const writing = (event.target as Element | null)?.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "?" && !event.altKey && !event.ctrlKey && !event.metaKey) return writing ? undefined : "help";
  const main = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  if (other) return undefined;
  const same = (key: Key) => key.code === event.code && !!key.alt === event.altKey && !!key.main === main;
  // Shift and F6 go round the other way.
  return (Object.keys(KEYS) as KeyName[]).find((name) => same(KEYS[name]) && (name === "landmarks" || !!KEYS[name].shift === event.shiftKey));
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
  // F6 and the palette are no letters by themselves; everything else can be switched off.
  if (!name || (!choices.keys && name !== "landmarks" && name !== "palette")) return;
  // A dialog has the keyboard for itself.
  if (document.querySelector("dialog[open]") && name !== "palette") return;
  const handler = handlers.get(name)?.at(-1);
  if (!handler) return;
  event.preventDefault();
  handler(event);
}
