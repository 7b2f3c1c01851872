// A found line, cut at its marks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parts } from "../../src/desk/search/parts.ts";

const shown = (text: string, marks: [number, number][]) => parts(text, marks).map(({ text, marked }) => (marked ? `[${text}]` : text)).join("|");

test("what was found is apart from what stands around it", () => {
  assert.equal(shown("my second parcel is late", [[3, 9], [10, 16]]), "my |[second]| |[parcel]| is late");
  assert.equal(shown("parcel", [[0, 6]]), "[parcel]");
  assert.equal(shown("nothing", []), "nothing");
});

test("marks that come unsorted, overlap or reach beyond the text lose no letter", () => {
  assert.equal(shown("abcdef", [[4, 6], [0, 2]]), "[ab]|cd|[ef]");
  assert.equal(shown("abcdef", [[0, 3], [2, 4]]), "[abc]|[d]|ef");
  assert.equal(shown("abc", [[1, 9]]), "a|[bc]");
  assert.equal(shown("Paket 📦 weg", [[6, 8]]), "Paket |[📦]| weg");
});
