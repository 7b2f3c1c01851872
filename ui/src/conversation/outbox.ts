// Messages on their way to the server: sent one after another, each under an id of its own, so that trying again is harmless.

import type { NewMessage } from "../wire/api.ts";
import { Problem } from "../wire/problem.ts";
import { backoff } from "../wire/stream.ts";
import type { SentFile } from "../wire/types.ts";
import type { Item } from "./fold.ts";
import type { Memory } from "./memory.ts";

/** After so many failures in a row the customer is asked whether to try again. */
const TRIES = 5;
/** Browsers tell us when the network is back; this is for those that forget to. */
const OFFLINE_LOOK = 20_000;

interface Outgoing {
  message: NewMessage;
  at: string;
  /** `sent`: on the server, but its event is not here yet. */
  state: "waiting" | "sent" | "failed";
  code: string;
}

export class Outbox {
  #list: Outgoing[];
  #running = false;
  #wake: () => void = () => {};
  #over = false;

  constructor(
    private readonly memory: Memory,
    /** Gives the message to the server; throws a `Problem`. */
    private readonly deliver: (message: NewMessage) => Promise<void>,
    private readonly changed: (problem?: Problem) => void,
  ) {
    const at = new Date().toISOString();
    this.#list = memory.unsent.map((message) => ({ message, at, state: "waiting", code: "" }));
  }

  /** Is anything still to be sent? */
  get busy(): boolean {
    return this.#list.some((one) => one.state === "waiting");
  }

  add(text: string, picked?: string, files?: SentFile[]): void {
    const message: NewMessage = { id: freshId(), text };
    if (picked !== undefined) message.picked = picked;
    if (files?.length) message.files = files;
    this.#list.push({ message, at: new Date().toISOString(), state: "waiting", code: "" });
    this.#save();
    void this.flush();
  }

  /** The customer wants a failed message tried again. */
  retry(id: string): void {
    for (const one of this.#list) if (one.message.id === id && one.state === "failed") one.state = "waiting";
    this.#save();
    void this.flush();
  }

  /** The server told us about this message: from now on it stands in the conversation itself. */
  arrived(client: string | null): void {
    const left = this.#list.filter((one) => one.message.id !== client);
    if (left.length === this.#list.length) return;
    this.#list = left;
    this.#save();
  }

  /** The network is back. */
  hurry(): void {
    this.#wake();
  }

  /** Ends without sending any more. */
  stop(): void {
    this.#over = true;
    this.#wake();
  }

  /** What stands at the end of the transcript until its event comes. */
  items(): Item[] {
    return this.#list.map(({ message, at, state, code }) => {
      const sending = state === "failed" ? ({ state, code } as const) : ({ state: "sending" } as const);
      return { kind: "message", key: message.id, by: "customer", text: message.text, ...(message.files && { files: message.files }), at, sending };
    });
  }

  /** Sends what waits. Only one run at a time, so that the order holds. */
  async flush(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    let failures = 0;
    for (let one = this.#next(); one && !this.#over; one = this.#next()) {
      try {
        await this.deliver(one.message);
        one.state = "sent";
        failures = 0;
        this.#save();
      } catch (error) {
        const problem = Problem.from(error);
        if (!navigator.onLine) {
          // Nobody's fault: it goes out by itself when the network is back.
          await this.#pause(OFFLINE_LOOK);
          continue;
        }
        if (problem.passing && ++failures < TRIES) {
          await this.#pause(problem.wait ?? backoff(failures));
          continue;
        }
        one.state = "failed";
        one.code = problem.code;
        failures = 0;
        this.#save(problem);
      }
    }
    this.#running = false;
  }

  #next(): Outgoing | undefined {
    return this.#list.find((one) => one.state === "waiting");
  }

  #save(problem?: Problem): void {
    if (this.#over) return;
    const unsent = this.#list.filter((one) => one.state !== "sent").map((one) => one.message);
    if (unsent.length || this.memory.unsent.length) this.memory.unsent = unsent;
    this.changed(problem);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/** A new id. `crypto.randomUUID` would need a secure context, and a shop on a local network may have none. */
function freshId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
