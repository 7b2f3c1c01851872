// The stream's parser, with pieces cut where they hurt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SseParser } from "../../src/wire/sse.ts";
import { backoff } from "../../src/wire/stream.ts";

const STREAM = 'id: 7\nevent: part\ndata: {"text":"a"}\n\n: heartbeat\n\nevent: progress\ndata: {"text":\ndata: "b"}\n\n';
const WANTED = [
  { id: "7", event: "part", data: '{"text":"a"}' },
  { id: undefined, event: "progress", data: '{"text":\n"b"}' },
];

test("events come out whole wherever the pieces are cut and however lines end", () => {
  for (const ending of ["\n", "\r\n", "\r"]) {
    // A carriage return at the very end may be half of a line's end, so one more sign of life follows.
    const stream = STREAM.replaceAll("\n", ending) + ":";
    for (let size = 1; size <= stream.length; size++) {
      const parser = new SseParser();
      const events = [];
      for (let at = 0; at < stream.length; at += size) events.push(...parser.feed(stream.slice(at, at + size)));
      assert.deepEqual(events, WANTED, `pieces of ${size}, lines end with ${JSON.stringify(ending)}`);
    }
  }
});

test("what is not complete is not told", () => {
  const parser = new SseParser();
  assert.deepEqual(parser.feed("id: 1\ndata: x\n"), []);
  assert.deepEqual(parser.feed("\n"), [{ id: "1", event: "message", data: "x" }]);
});

test("fields without data, unknown fields and comments are passed over", () => {
  assert.deepEqual(new SseParser().feed("id: 1\nevent: part\n\nretry: 5\nfoo\n: bar\ndata:no space\n\n"), [{ id: undefined, event: "message", data: "no space" }]);
});

test("waits grow to a limit and never come together", () => {
  assert.equal(backoff(0, 1), 500);
  assert.equal(backoff(3, 1), 4_000);
  assert.equal(backoff(30, 1), 15_000);
  assert.equal(backoff(3, 0), 2_000);
});
