// The fold from events to what is on the screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { above, EMPTY, fold, type Item } from "../../src/conversation/fold.ts";
import type { Happening, LiveEvent } from "../../src/wire/types.ts";

const AT = "2026-11-20T12:00:00Z";

function folded(...happenings: Happening[]) {
  return happenings.map((one, n) => ({ ...one, seq: n + 1, at: AT }) as LiveEvent).reduce(fold, EMPTY);
}

const said = (text: string, client: string | null = null): Happening => ({ kind: "message", message: `msg_${text}`, client, by: "customer", text, masked: [] });
const part = (n: number, text: string, facts: { source: string; fetched_at: string }[] = []): Happening => ({
  kind: "part",
  turn: "trn_1",
  part: n,
  text,
  facts: facts.map((fact) => ({ ...fact, name: "order.status", class: "live" })),
  citations: [],
});
const asked: Happening = { kind: "question", turn: "trn_1", question: { slot: "reason", kind: "choice", text: "Why?", choices: [{ value: "a", label: "A" }] } };
const proposed: Happening = {
  kind: "proposal",
  turn: "trn_1",
  proposal: { id: "act_1", tool: "cancel_order", args: {}, object: {}, effect: "Cancel?", expires: AT, digest: "d" },
};

function only<Kind extends Item["kind"]>(items: Item[], kind: Kind): Extract<Item, { kind: Kind }>[] {
  return items.filter((item): item is Extract<Item, { kind: Kind }> => item.kind === kind);
}

test("a part sent again after a reconnect is the same part", () => {
  const { items } = folded(said("hi"), part(1, "one"), part(2, "two"), part(1, "one"));
  assert.deepEqual(only(items, "part").map((item) => item.text), ["one", "two"]);
});

test("a message keeps the sender's id, so that the one shown already is matched", () => {
  assert.equal(folded(said("hi", "abc")).items[0]?.key, "abc");
  assert.equal(folded(said("hi")).items[0]?.key, "msg_hi");
});

test("a source stands once, with its oldest reading", () => {
  const early = "2026-11-20T11:59:00Z";
  const { items } = folded(part(1, "x", [{ source: "orders", fetched_at: AT }, { source: "carrier", fetched_at: AT }, { source: "orders", fetched_at: early }]));
  assert.deepEqual(only(items, "part")[0]?.sources, [{ name: "orders", fetchedAt: early }, { name: "carrier", fetchedAt: AT }]);
});

test("choices are offered until the customer goes on, asks again, or a person has it", () => {
  const open = (...after: Happening[]) => only(folded(said("x"), asked, ...after).items, "question")[0]?.open;
  assert.equal(open(), true);
  assert.equal(open(said("y")), false);
  assert.equal(open({ ...asked, turn: "trn_2" }), false);
  assert.equal(open({ kind: "state", state: "waiting" }), false);
});

test("a card follows its action, and only the backend's own state makes it verified", () => {
  const card = (...after: Happening[]) => only(folded(said("x"), proposed, ...after).items, "proposal")[0];
  assert.equal(card()?.step, "open");
  assert.equal(card({ kind: "action", action: "act_1", state: "confirmed", verified: null })?.step, "confirmed");
  const done = card({ kind: "action", action: "act_1", state: "done", verified: true });
  assert.deepEqual([done?.step, done?.verified], ["done", true]);
  assert.equal(card({ kind: "action", action: "act_1", state: "done", verified: null })?.verified, false);
  assert.equal(card({ kind: "action", action: "act_2", state: "done", verified: true })?.step, "open");
});

test("working begins with a message or a yes and ends with the reply", () => {
  const working = (...all: Happening[]) => folded(...all).working;
  assert.equal(working(said("x")), "");
  assert.equal(working(said("x"), { kind: "progress", text: "Looking" }), "Looking");
  assert.equal(working(said("x"), { kind: "progress", text: "Looking" }, part(1, "a")), "");
  for (const end of [asked, proposed, { kind: "closed", turn: "t", status: "answered", refusal: null }, { kind: "cut", turn: "t" }] satisfies Happening[]) {
    assert.equal(working(said("x"), end), undefined, end.kind);
  }
  assert.equal(working(said("x"), proposed, { kind: "action", action: "act_1", state: "confirmed", verified: null }), "");
});

test("while a person has the conversation nobody is said to be working on a reply", () => {
  const { state, working, items } = folded(said("help"), { kind: "state", state: "waiting" }, said("hello?"), { kind: "state", state: "open" });
  assert.deepEqual([state, working], ["open", undefined]);
  assert.deepEqual(only(items, "note").map((note) => note.state), ["waiting", "open"]);
});

test("kinds a newer server may send change nothing", () => {
  const before = folded(said("x"));
  assert.equal(fold(before, { kind: "mood", seq: 9, at: AT } as unknown as LiveEvent), before);
});

test("the last part of a closed answer can be rated, and a rating in the log is shown", () => {
  const ratings = (...after: Happening[]) => only(folded(said("x"), part(1, "a"), part(2, "b"), ...after).items, "part").map((item) => item.rating);
  const closed = (status: string): Happening => ({ kind: "closed", turn: "trn_1", status, refusal: null });
  assert.deepEqual(ratings(), [undefined, undefined]);
  assert.deepEqual(ratings(closed("answered")), [undefined, 0]);
  assert.deepEqual(ratings(closed("handed_over")), [undefined, undefined]);
  assert.deepEqual(ratings(closed("done"), { kind: "rated", rating: "helpful", turn: "trn_1", score: 0 }), [undefined, -1]);
});

test("a place in line moves without a second note, and is gone when a person comes", () => {
  const moved = folded({ kind: "state", state: "waiting", position: 2 }, { kind: "state", state: "waiting", position: 1 });
  assert.equal(moved.waiting?.position, 1);
  assert.equal(only(moved.items, "note").length, 1);
  assert.equal(folded({ kind: "state", state: "waiting", position: 1 }, { kind: "state", state: "open", by: "Jun" }).waiting, undefined);
});

test("what has ended can be read, but neither answered, decided nor rated", () => {
  const rateable: Happening = { kind: "closed", turn: "trn_1", status: "answered", refusal: null };
  const { items, working } = folded(said("hi"), part(1, "one"), rateable, asked, proposed, { kind: "survey" }, { kind: "ended", why: "closed", successor: null });
  assert.equal(only(items, "part")[0]?.rating, undefined);
  assert.equal(only(items, "question")[0]?.open, false);
  assert.equal(only(items, "proposal")[0]?.step, "cancelled");
  assert.equal(only(items, "survey").length, 0);
  assert.equal(working, undefined);
});

test("what was said before stands above what follows, under keys that are not used there again", () => {
  const state: Happening = { kind: "state", state: "waiting" };
  const before = above(folded(said("hi", "abc"), state).items, "cnv_1", AT);
  const after = folded(said("again"), state).items;
  const keys = [...before, ...after].map((item) => item.key);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(keys[0], "abc", "a message keeps the sender's id");
  assert.equal(only(before, "note").at(-1)?.state, "moved");
});
