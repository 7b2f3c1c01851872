// The conversation that is open: read once, kept true by the stream, and the last ones at hand for a quick way back.

import { Problem } from "../../wire/problem.ts";
import { at, get } from "../wire/api.ts";
import type { Case, Line, Row, Writer } from "../wire/types.ts";
import { hear, line } from "./live.svelte.ts";

const KEPT = 30;
/** After these, what may be done and what is known has changed, and the server is asked. */
const TURNING = new Set(["question", "proposal", "action", "handoff", "state", "rating", "cut"]);

const kept = new Map<string, Case>();
let id = $state<string | null>(null);
let shown = $state.raw<Case | null>(null);
let problem = $state.raw<Problem | null>(null);
let typing = $state.raw<Writer[]>([]);
let timer: ReturnType<typeof setTimeout> | undefined;

export const current = {
  get id() {
    return id;
  },
  get case() {
    return shown;
  },
  get problem() {
    return problem;
  },
  get typing() {
    return typing;
  },
  may(what: string): boolean {
    return shown?.may.includes(what) ?? false;
  },
};

/** What is being read before anybody asked for it. */
const foreseen = new Set<string>();

/** Reads a conversation that will probably be opened next; from then on the stream keeps it true. */
export async function foresee(conversation: string): Promise<void> {
  if (!line.connected || kept.has(conversation) || foreseen.has(conversation)) return;
  foreseen.add(conversation);
  try {
    const fresh = await get<Case>(at(conversation));
    if (!kept.has(conversation)) put(fresh);
  } catch {
    // Nobody asked: whoever opens it is told.
  }
  foreseen.delete(conversation);
}

/** Opens a conversation: at once from what is kept, and fresh a moment later; the stream has kept it true so far. */
export async function open(conversation: string | null): Promise<void> {
  if (conversation === id && shown) return;
  id = conversation;
  typing = [];
  problem = null;
  shown = conversation ? (kept.get(conversation) ?? null) : null;
  if (shown && line.connected) soon();
  else if (conversation) await refresh();
}

/** Reads the open conversation again. */
export async function refresh(): Promise<void> {
  const wanted = id;
  if (!wanted) return;
  clearTimeout(timer);
  timer = undefined;
  try {
    const fresh = await get<Case>(at(wanted));
    // What the stream brought while this was under way is not lost.
    const newer = (kept.get(wanted)?.lines ?? []).filter((line) => line.seq > fresh.seq);
    put(newer.length ? { ...fresh, seq: newer.at(-1)?.seq ?? fresh.seq, lines: [...fresh.lines, ...newer] } : fresh);
    if (wanted === id) problem = null;
  } catch (error) {
    if (wanted === id) problem = Problem.from(error);
  }
}

function put(fresh: Case): void {
  const conversation = fresh.row.conversation;
  kept.delete(conversation);
  kept.set(conversation, fresh);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
  if (conversation === id) shown = fresh;
}

/** Soon, and once for several reasons. */
function soon(): void {
  timer ??= setTimeout(() => void refresh(), 120);
}

/** The row of a conversation as it is now. */
export function rowChanged(row: Row): void {
  const known = kept.get(row.conversation);
  if (!known) return;
  const turned = known.row.state !== row.state || known.row.owner?.id !== row.owner?.id || known.row.offered_to?.id !== row.offered_to?.id;
  put({ ...known, row });
  if (turned && row.conversation === id) soon();
}

function lineCame({ conversation, line }: { conversation: string; line: Line }): void {
  const known = kept.get(conversation);
  if (!known) return;
  const last = known.lines.at(-1);
  if (!last || line.seq > last.seq) put({ ...known, seq: Math.max(known.seq, line.seq), lines: [...known.lines, line] });
  else if (!known.lines.some((one) => one.seq === line.seq && one.kind === line.kind))
    put({ ...known, lines: [...known.lines, line].sort((a, b) => a.seq - b.seq) });
  if (TURNING.has(line.kind) && conversation === id) soon();
}

export function startCase(): void {
  hear("row", rowChanged);
  hear("line", lineCame);
  hear("presence", (said) => {
    if (said.conversation === id) typing = said.typing;
    const known = kept.get(said.conversation);
    if (known) put({ ...known, row: { ...known.row, viewing: said.viewing } });
  });
  hear("reset", () => {
    const open = id ? kept.get(id) : undefined;
    kept.clear();
    if (open) kept.set(open.row.conversation, open);
    void refresh();
  });
}
