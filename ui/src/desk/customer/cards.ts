// Records are told apart by what was asked for.

import type { Card } from "../wire/types.ts";

export function keyOf(card: Card): string {
  return `${card.tool} ${JSON.stringify(card.args)}`;
}
