// Reads Server-Sent Events from a stream of bytes. `EventSource` cannot send headers, and ours carry who is asking.

export interface ServerSentEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** A parser fed with text in pieces of any size. */
export class SseParser {
  #rest = "";
  #id: string | undefined;
  #event = "";
  #data: string[] = [];

  /** The events that became complete with this piece. */
  feed(text: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    const buffer = this.#rest + text;
    let start = 0;
    for (;;) {
      const end = lineEnd(buffer, start);
      if (!end) break;
      const event = this.#line(buffer.slice(start, end.at));
      if (event) events.push(event);
      start = end.next;
    }
    this.#rest = buffer.slice(start);
    return events;
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    // A line that begins with a colon is a comment: the server's sign of life.
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const event = { id: this.#id, event: this.#event || "message", data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    // Ours counts an id for its own event only: one without is not to be resumed after.
    this.#id = undefined;
    this.#event = "";
    this.#data = [];
    return empty ? undefined : event;
  }
}

/** Where the next line ends and the one after it begins; none when more text is needed to know. */
function lineEnd(text: string, from: number): { at: number; next: number } | undefined {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "\n") return { at, next: at + 1 };
    if (char === "\r") {
      if (at + 1 === text.length) return undefined;
      return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
    }
  }
  return undefined;
}
