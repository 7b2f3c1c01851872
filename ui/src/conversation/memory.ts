// What the browser remembers between pages: the pass, the conversation, and messages that are not yet on the server.
// Nothing is written before the customer says something.

import type { NewMessage } from "../wire/api.ts";
import type { Pass } from "../wire/types.ts";

interface Remembered {
  pass?: Pass | undefined;
  conversation?: string | undefined;
  unsent?: NewMessage[];
}

export class Memory {
  #key: string;
  #now: Remembered;

  /** One memory for each server and channel. */
  constructor(origin: string, channel: string) {
    this.#key = `patchbay:${origin}:${channel}`;
    this.#now = this.#read();
  }

  get pass(): Pass | undefined {
    return this.#now.pass;
  }
  set pass(pass: Pass | undefined) {
    this.#write({ pass });
  }

  get conversation(): string | undefined {
    return this.#now.conversation;
  }
  set conversation(conversation: string | undefined) {
    this.#write({ conversation });
  }

  get unsent(): NewMessage[] {
    return this.#now.unsent ?? [];
  }
  set unsent(unsent: NewMessage[]) {
    this.#write({ unsent });
  }

  /** Forgets who this browser was and what it talked about. */
  forget(): void {
    this.#now = {};
    // Storage may be forbidden; then there is nothing to remove.
    attempt(() => localStorage.removeItem(this.#key));
  }

  #read(): Remembered {
    const stored = attempt(() => localStorage.getItem(this.#key));
    return (stored && attempt(() => JSON.parse(stored) as Remembered)) || {};
  }

  #write(change: Remembered): void {
    // Another tab may have written since.
    this.#now = { ...this.#now, ...this.#read(), ...change };
    attempt(() => localStorage.setItem(this.#key, JSON.stringify(this.#now)));
  }
}

/** Storage throws where it is forbidden or full: the widget then works for this page only. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
