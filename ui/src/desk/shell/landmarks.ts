// F6: from one part of the screen to the next, and back with Shift.

/** The parts in the order in which they are read. */
const PARTS = "[data-part]";
/** What the keyboard can rest on. */
const STOPS = "[tabindex='0'], textarea:not(:disabled), button:not(:disabled), a[href], input";

export function nextPart(event: KeyboardEvent): void {
  const parts = [...document.querySelectorAll<HTMLElement>(PARTS)].filter((part) => part.checkVisibility());
  if (!parts.length) return;
  const here = parts.findLastIndex((part) => part.contains(document.activeElement));
  const step = event.shiftKey ? -1 : 1;
  const part = parts[here < 0 ? (event.shiftKey ? parts.length - 1 : 0) : (here + step + parts.length) % parts.length];
  if (!part) return;
  const inside = [...part.querySelectorAll<HTMLElement>("[data-home]"), ...part.querySelectorAll<HTMLElement>(STOPS)].find((one) => one.checkVisibility());
  (inside ?? part).focus();
}
