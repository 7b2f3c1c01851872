// Marks in drafts: found, chosen, and never overwritten with somebody's own words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstMark, marksIn, putIn } from "../../src/desk/thread/marks.ts";

test("marks are found in order", () => {
  assert.deepEqual(marksIn("Order ⟦order id⟧ comes ⟦order eta⟧."), ["⟦order id⟧", "⟦order eta⟧"]);
  assert.deepEqual(marksIn("nothing is open [here]"), []);
  assert.deepEqual(firstMark("Order ⟦order id⟧ comes"), [6, 16]);
  assert.equal(firstMark("⟦ is not closed"), null);
});

test("words are put in once, beside what somebody wrote", () => {
  assert.equal(putIn("", "Order $& is paid.", undefined), "Order $& is paid.");
  assert.equal(putIn("Hello Mika,\n", "it is paid.", undefined), "Hello Mika,\nit is paid.");
  assert.equal(putIn("Hello, order ⟦id⟧. Bye", "order 12345.", "order ⟦id⟧."), "Hello, order 12345. Bye");
  assert.equal(putIn("I changed it", "order 12345.", "order ⟦id⟧."), "I changed it\norder 12345.");
});
