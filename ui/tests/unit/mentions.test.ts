// Names in notes: who is called, and who only has a similar name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mentionsIn, typedName } from "../../src/desk/thread/mentions.ts";

const staff = ["Ana", "Ana Lima", "Aiko", "Ōe"].map((name) => ({ name }));
const called = (text: string) => mentionsIn(text, staff).map(({ name }) => name);

test("a note calls whoever is named after @", () => {
  assert.deepEqual(called("@aiko, please look; @Ōe knows."), ["Aiko", "Ōe"]);
  assert.deepEqual(called("@Ana Lima has it"), ["Ana Lima"]);
  assert.deepEqual(called("@Ana Lima or @Ana?"), ["Ana Lima", "Ana"]);
  assert.deepEqual(called("@Anabel is new, and ana@example.com is an address"), []);
});

test("a name is being typed after the last @ alone", () => {
  assert.equal(typedName("ask @Ai"), "Ai");
  assert.equal(typedName("@"), "");
  assert.equal(typedName("write to aiko@example"), null);
  assert.equal(typedName("@Aiko\nhas it"), null);
});
