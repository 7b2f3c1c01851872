// Ages, values and colours as the customer sees them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accent, contrast, darker, lighter, luminance, readable } from "../../src/panel/accent.ts";
import { age, coarse, ServerClock } from "../../src/panel/age.ts";
import { beside, label, rows, words } from "../../src/panel/values.ts";

test("ages are coarse, and never negative", () => {
  const SECOND = 1_000;
  const HOUR = 3_600 * SECOND;
  assert.deepEqual(coarse(-5 * SECOND), [0, "second"]);
  assert.deepEqual(coarse(4_900), [4, "second"]);
  assert.deepEqual(coarse(59 * SECOND), [50, "second"]);
  assert.deepEqual(coarse(119 * SECOND), [1, "minute"]);
  assert.deepEqual(coarse(23 * HOUR), [23, "hour"]);
  assert.deepEqual(coarse(49 * HOUR), [2, "day"]);
  assert.equal(age(4 * SECOND, "en"), "4s ago");
  assert.equal(age(4 * SECOND, "ja"), "4秒前");
  assert.equal(age(0, "en"), "now");
});

test("a wrong clock of the browser does not make readings older or younger", () => {
  const server = Date.parse("2026-11-20T12:00:00Z");
  const clock = new ServerClock();
  assert.equal(clock.now(server), server);
  clock.heard("2026-11-20T12:00:00Z", server + 90_000);
  clock.heard("2026-11-20T12:00:10Z", server + 10_000 + 95_000);
  assert.equal(clock.now(server + 90_000), server);
});

test("names and values are shown as words", () => {
  assert.equal(label("order_id"), "Order id");
  assert.equal(words("no_longer_needed", "en"), "no longer needed");
  assert.equal(words({ amount: 5900, currency: "EUR" }, "en"), "€59.00");
  assert.equal(words({ amount: 5900, currency: "JPY" }, "en"), "¥5,900");
  assert.equal(words("2026-11-20", "en"), "Nov 20, 2026");
  assert.equal(words(["a", "b"], "en"), "a, b");
  assert.equal(words([{ id: "1" }], "en"), undefined);
});

test("a record is laid out flat, without what has no short form", () => {
  const record = { order: { id: "12345", total: { amount: 5900, currency: "EUR" }, eta: null, items: [{ id: "1" }], note: "" } };
  assert.deepEqual(rows(record, "en"), [
    ["Id", "12345"],
    ["Total", "€59.00"],
  ]);
  assert.deepEqual(rows("text", "en"), []);
});

test("any brand colour becomes readable on both grounds", () => {
  for (const colour of [[255, 230, 0], [10, 10, 40], [255, 255, 255], [0, 0, 0], [120, 120, 120], [255, 0, 0]] as [number, number, number][]) {
    assert.ok(contrast(luminance(readable(colour, 1, darker, 4.5)), 1) >= 4.5, `${colour} on white`);
    assert.ok(contrast(luminance(readable(colour, 0.0115, lighter, 7)), 0.0115) >= 7, `${colour} on the dark surface`);
  }
  assert.equal(accent("red;} body{display:none"), "");
});

test("a card repeats nothing, and folds away what only systems know", () => {
  const args = { order_id: "12345", item_id: "i3", sku: "LMP-02-BLACK", reason: "no_longer_needed", quantity: 2, day: "2026-03-05" };
  const said = beside("Change the lamp in order 12345, by Mar 5, 2026?", args, "en");
  assert.deepEqual(said.open, [
    ["Reason", "no longer needed"],
    ["Quantity", "2"],
  ]);
  assert.deepEqual(said.folded.map(([name]) => name), ["Order id", "Item id", "Sku", "Day"]);
  assert.deepEqual(beside("Pay 1.50?", { amount: "1.5" }, "en").open, [["Amount", "1.5"]], "a part of a number is another number");
  assert.deepEqual(beside("", { note: "(c.*)" }, "en").open, [["Note", "(c.*)"]]);
});
