// Sizes of files as people read them, and files in the folded view.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, fold } from "../../src/conversation/fold.ts";
import { bytes } from "../../src/panel/file.ts";

test("sizes are coarse, and in the language's own words", () => {
  assert.deepEqual([0, 1, 48, 999, 1_000, 31_400, 1_250_000, 20 << 20].map((size) => bytes(size, "en")), [
    "0 bytes",
    "1 byte",
    "48 bytes",
    "999 bytes",
    "1 kB",
    "31 kB",
    "1.3 MB",
    "21 MB",
  ]);
  assert.equal(bytes(1_250_000, "de"), "1,3 MB");
});

test("a message keeps its files, and one from an older server has none", () => {
  const file = { file: "file_1", name: "a.pdf", type: "application/pdf", size: 1, width: null, height: null, shown: true };
  const said = { kind: "message", seq: 1, at: "2026-11-20T12:00:00Z", message: "msg_1", client: null, by: "customer", text: "", masked: [] } as const;
  const [item] = fold(EMPTY, { ...said, masked: [], files: [file] }).items;
  assert.deepEqual(item?.kind === "message" && item.files, [file]);
  const [older] = fold(EMPTY, { ...said, masked: [] }).items;
  assert.equal(older?.kind === "message" && older.files, undefined);
});
