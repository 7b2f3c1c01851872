// The desk's pure parts: hidden characters, the order of lists, the steps of a trace, lines that stand together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces, visible } from "../../src/desk/pieces/marks.ts";
import { belongs, inOrder } from "../../src/desk/state/lists.ts";
import { fold } from "../../src/desk/thread/fold.ts";
import { laidOut, marks } from "../../src/desk/trace/spans.ts";
import type { Line, Row, Span } from "../../src/desk/wire/types.ts";

const row = (values: Partial<Row>) => ({ conversation: "cnv_1", state: "waiting", owner: null, offered_to: null, due_at: null, pressing_at: null, wait_since: null, last_at: "", opened_at: "", feeling: null, ...values }) as Row;
const line = (values: Partial<Line>) => ({ seq: 1, at: "2026-01-01T00:00:00Z", kind: "message", who: "customer", staff: null, text: "", turn: null, facts: [], citations: [], data: {}, ...values }) as Line;
const span = (id: string, parent: string | null, start_ms: number) => ({ id, parent, start_ms, ms: 1, kind: "call", name: id, outcome: "ok", letter: "C", detail: {} }) as Span;

test("characters that turn text round are named, emoji stay whole", () => {
  assert.equal(visible("pay \u202eeno\u202c now"), "pay [RLO]eno[PDF] now");
  assert.deepEqual(pieces("👩‍👩‍👧 hello"), [{ text: "👩‍👩‍👧 hello", mark: false }]);
});

test("who is due first stands first, of the same minute whoever sounds upset, then who waits longest; without a promise last", () => {
  const upset = { last: -500, slope: 0 };
  const rows = [
    row({ conversation: "unpromised", wait_since: "2026-01-01T08:00:00Z" }),
    row({ conversation: "upset, unpromised", wait_since: "2026-01-01T08:00:30Z", feeling: { last: -700, slope: 0 } }),
    row({ conversation: "later", pressing_at: "2026-01-01T10:00:40Z", wait_since: "2026-01-01T09:00:00Z" }),
    row({ conversation: "first", pressing_at: "2026-01-01T09:30:00Z", wait_since: "2026-01-01T09:20:00Z" }),
    row({ conversation: "same minute", pressing_at: "2026-01-01T10:00:00Z", wait_since: "2026-01-01T08:30:00Z" }),
    row({ conversation: "same minute, upset", pressing_at: "2026-01-01T10:00:50Z", wait_since: "2026-01-01T09:10:00Z", feeling: upset }),
  ];
  const order = ["first", "same minute, upset", "same minute", "later", "upset, unpromised", "unpromised"];
  assert.deepEqual(rows.sort(inOrder("waiting")).map((one) => one.conversation), order);
});

test("mine is what I have or am offered, while it is open", () => {
  const me = { id: "stf_1", name: "Aiko" };
  assert.ok(belongs(row({ state: "open", owner: me }), "mine", me.id));
  assert.ok(belongs(row({ state: "waiting", offered_to: me }), "mine", me.id));
  assert.ok(!belongs(row({ state: "resolved", owner: me }), "mine", me.id));
  assert.ok(!belongs(row({ state: "open", owner: { id: "stf_2", name: "Jun" } }), "mine", me.id));
});

test("steps stand below their parents in the order they began, each once, whatever is sent", () => {
  const steps = laidOut([span("b", null, 5), span("a", null, 0), span("a1", "a", 2), span("lost", "nobody", 9), span("self", "self", 10)]);
  assert.deepEqual(steps.map(({ span: { id }, depth, n }) => `${n} ${id} ${depth}`), ["1 a 0", "2 a1 1", "3 b 0", "4 lost 0", "5 self 0"]);
  assert.deepEqual(marks(1290), [0, 500, 1000]);
});

test("words in a row stand together, and a state after its handoff is not said again", () => {
  const groups = fold([
    line({ seq: 1 }),
    line({ seq: 2, at: "2026-01-01T00:00:30Z" }),
    line({ seq: 3, kind: "handoff", who: "system", data: { step: "offered" } }),
    line({ seq: 4, kind: "state", who: "system", data: { state: "waiting" } }),
    line({ seq: 5, kind: "note", who: "agent" }),
  ]);
  assert.deepEqual(groups.map((group) => [group.kind, group.lines.length]), [["words", 2], ["event", 1], ["note", 1]]);
});
