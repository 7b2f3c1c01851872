// Where in line somebody is who waits for a person, in words.

import type { Strings } from "../languages/strings.ts";
import type { Waiting } from "../wire/types.ts";

const MINUTE = 60;

/** “Place in line: 2 · about 3 min”, or when people are back; nothing when nothing is known. */
export function place({ position, expected_wait_s, open, opens_at }: Waiting, strings: Strings): string {
  const said: string[] = [];
  if (open === false) {
    const at = opens_at && new Intl.DateTimeFormat(strings.tag, { weekday: "long", hour: "numeric", minute: "2-digit" }).format(Date.parse(opens_at));
    said.push(at ? strings.closedUntil(at) : strings.closed);
  }
  if (position) said.push(strings.place(position));
  if (open !== false && expected_wait_s) {
    const minutes = Math.max(1, Math.round(expected_wait_s / MINUTE));
    said.push(strings.about(new Intl.NumberFormat(strings.tag, { style: "unit", unit: "minute", unitDisplay: "short" }).format(minutes)));
  }
  return said.join(" · ");
}
