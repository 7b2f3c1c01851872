// The one stream of live events of this browser: kept open, resumed after the last id seen, watched for silence.

import { SseParser } from "../../wire/sse.ts";
import { backoff } from "../../wire/stream.ts";

/** The server gives a sign of life every 15 seconds; three missed ones mean that nobody is there. */
const SILENCE = 45_000;
/** After this long, so much may have happened that reading the lists again is quicker and surer. */
const LONG_GAP = 5 * 60_000;

/** What the stream tells its tabs. */
export type Said =
  | { kind: "event"; event: string; data: unknown }
  | { kind: "state"; connected: boolean; /** When the line was lost, and when it is tried again; times of this machine. */ since: number | null; next: number | null }
  | { kind: "reset" }
  | { kind: "signed-out" };

/** Follows `/v1/desk/events` for ever. */
export class Live {
  #id: string | undefined;
  #connected = false;
  #since: number | null = null;
  #next: number | null = null;
  #heard = Date.now();
  #hurry: () => void = () => {};
  #abort = new AbortController();
  #over = false;

  constructor(private readonly say: (said: Said) => void) {
    void this.#run();
  }

  /** How it stands, for a tab that has just come. */
  get state(): Said {
    return { kind: "state", connected: this.#connected, since: this.#since, next: this.#next };
  }

  /** The network is back, or the machine woke: do not wait, and do not trust a connection that has been silent. */
  hurry(): void {
    if (this.#over) {
      this.#over = false;
      void this.#run();
    } else if (this.#connected && Date.now() - this.#heard > SILENCE / 2) this.#abort.abort();
    this.#hurry();
  }

  /** The network is gone: no use in waiting for silence to say so. */
  lose(): void {
    if (this.#connected) this.#abort.abort();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#over) {
      if (await this.#follow()) failures = 0;
      if (this.#over) return;
      const wait = backoff(failures++);
      this.#tell(false, Date.now() + wait);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, wait);
        this.#hurry = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  /** One connection until it ends. Gives whether it was one. */
  async #follow(): Promise<boolean> {
    const abort = (this.#abort = new AbortController());
    let watchdog = setTimeout(() => abort.abort(), SILENCE);
    let opened = false;
    try {
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (this.#id !== undefined) headers["last-event-id"] = this.#id;
      const response = await fetch("/v1/desk/events", { headers, credentials: "same-origin", cache: "no-store", signal: abort.signal });
      if (response.status === 401) {
        this.#over = true;
        this.say({ kind: "signed-out" });
        return false;
      }
      // A place that the server does not know any more: from now on, and everything is read again.
      if (response.status === 400 || response.status === 404 || response.status === 410) this.#id = undefined;
      if (!response.ok || !response.body) return false;
      opened = true;
      const gone = this.#since === null ? 0 : Date.now() - this.#since;
      this.#tell(true, null);
      if (gone > LONG_GAP || this.#id === undefined) this.say({ kind: "reset" });
      const reader = response.body.getReader();
      const text = new TextDecoder();
      const parser = new SseParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), SILENCE);
        // Timers sleep with the machine; the clock does not.
        if (Date.now() - this.#heard > LONG_GAP) this.say({ kind: "reset" });
        this.#heard = Date.now();
        for (const { id, event, data } of parser.feed(text.decode(value, { stream: true }))) this.#take(id, event, data);
      }
    } catch {
      return opened;
    } finally {
      clearTimeout(watchdog);
      abort.abort();
    }
  }

  #take(id: string | undefined, event: string, data: string): void {
    if (id !== undefined) this.#id = id;
    if (event === "ping") return;
    // Too much has happened to be told.
    if (event === "anew") return this.say({ kind: "reset" });
    try {
      this.say({ kind: "event", event, data: JSON.parse(data) });
    } catch {
      // What cannot be read is not worth the stream.
    }
  }

  #tell(connected: boolean, next: number | null): void {
    this.#since = connected ? null : (this.#since ?? Date.now());
    if (connected) this.#heard = Date.now();
    this.#connected = connected;
    this.#next = next;
    this.say(this.state);
  }
}
