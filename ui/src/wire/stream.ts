// Follows a conversation's live stream and keeps following: resumes after the last place seen, waits longer after each failure.

import type { Api } from "./api.ts";
import { Problem } from "./problem.ts";
import { SseParser } from "./sse.ts";
import type { LiveEvent } from "./types.ts";

/** The server gives a sign of life every 15 seconds; three missed ones mean that nobody is there. */
const SILENCE = 45_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** What the follower is told. */
export interface Listener {
  event(event: LiveEvent): void;
  /** Whether events can arrive just now. */
  connected(yes: boolean): void;
  /** It cannot be followed any more: gone, or somebody else's. */
  lost(problem: Problem): void;
}

export class Stream {
  #stop = new AbortController();
  #hurry: () => void = () => {};

  constructor(
    private readonly api: Api,
    private readonly conversation: string,
    /** The last place seen. */
    private place: number,
    private readonly listener: Listener,
  ) {
    void this.#run();
  }

  /** Ends for good. */
  stop(): void {
    this.#stop.abort();
    this.#hurry();
  }

  /** The network is back: do not wait any longer. */
  hurry(): void {
    this.#hurry();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      let wait: number | undefined;
      try {
        if (await this.#follow()) failures = 0;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const problem = Problem.from(error);
        if (!problem.passing) return this.listener.lost(problem);
        wait = problem.wait;
      }
      if (this.#stop.signal.aborted) return;
      this.listener.connected(false);
      await this.#pause(wait ?? backoff(failures++));
    }
  }

  /** One connection, until it ends. Gives whether anything came. */
  async #follow(): Promise<boolean> {
    const dead = new AbortController();
    const end = () => dead.abort();
    this.#stop.signal.addEventListener("abort", end);
    let watchdog = setTimeout(end, SILENCE);
    let came = false;
    try {
      const response = await this.api.follow(this.conversation, this.place, dead.signal);
      const reader = response.body?.getReader();
      if (!reader) throw new Problem("offline", "the stream has no body");
      this.listener.connected(true);
      const text = new TextDecoder();
      const parser = new SseParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return came;
        clearTimeout(watchdog);
        watchdog = setTimeout(end, SILENCE);
        for (const raw of parser.feed(text.decode(value, { stream: true }))) this.#take(raw.event, raw.id, raw.data);
        came = true;
      }
    } finally {
      clearTimeout(watchdog);
      this.#stop.signal.removeEventListener("abort", end);
      end();
    }
  }

  #take(kind: string, id: string | undefined, data: string): void {
    if (this.#stop.signal.aborted) return;
    const seq = id ? Number(id) : null;
    if (seq !== null) {
      if (seq <= this.place) return;
      this.place = seq;
    }
    this.listener.event({ ...JSON.parse(data), kind, seq } as LiveEvent);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.#hurry = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/** Doubles with each failure; a part of it by chance, so that browsers do not all come back at once. */
export function backoff(failures: number, chance = Math.random()): number {
  const wait = Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT);
  return wait / 2 + (wait / 2) * chance;
}
