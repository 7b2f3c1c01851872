// Who this browser is to the server: the host's token if the page gave one, and a visitor's pass of our own.

import type { Memory } from "../conversation/memory.ts";
import { Problem } from "./problem.ts";
import type { Pass } from "./types.ts";

/** A pass is renewed when less than this is left of it. */
const RENEW_BEFORE = 24 * 3600 * 1000;

export class Identity {
  #origin: string;
  #memory: Memory;
  #token: string | undefined;
  #renew: (() => Promise<string | undefined>) | undefined;
  #asking: Promise<void> | undefined;
  /** Called when the host's token was not believed; the customer goes on as a visitor. */
  onRefused: (problem: Problem) => void = () => {};

  constructor(origin: string, memory: Memory, token: string | undefined, renew?: () => Promise<string | undefined>) {
    this.#origin = origin;
    this.#memory = memory;
    this.#token = token;
    this.#renew = renew;
  }

  /** The page signed its customer in, or out. */
  use(token: string | undefined): void {
    this.#token = token;
  }

  /** The headers that say who is asking. The first call gets this browser a pass. */
  async headers(): Promise<Record<string, string>> {
    const pass = this.#memory.pass;
    const left = pass ? Date.parse(pass.expires) - Date.now() : 0;
    if (!pass || left < RENEW_BEFORE) await this.#once(() => this.#admit(left > 0 ? pass : undefined));
    return this.#said(this.#token, this.#memory.pass);
  }

  /** After `identity_invalid`: finds out which of the two is not believed, and does without it. */
  recover(): Promise<void> {
    return this.#once(() => this.#doWithout());
  }

  async #admit(old: Pass | undefined): Promise<void> {
    try {
      this.#memory.pass = await this.#session(this.#token, old);
    } catch (error) {
      if (Problem.from(error).status !== 401) throw error;
      await this.#doWithout();
      this.#memory.pass ??= await this.#session(undefined, undefined);
    }
  }

  async #doWithout(): Promise<void> {
    if (this.#token) {
      try {
        // The token alone: if it is believed, the pass was at fault and is replaced.
        this.#memory.pass = await this.#session(this.#token, undefined);
      } catch (error) {
        const problem = Problem.from(error);
        if (problem.status !== 401) throw problem;
        if (await this.#renewed()) return;
        this.#token = undefined;
        this.onRefused(problem);
      }
      return;
    }
    this.#memory.forget();
    this.#memory.pass = await this.#session(undefined, undefined);
  }

  /** Did the page have a fresh token, and was it believed? */
  async #renewed(): Promise<boolean> {
    const stale = this.#token;
    const fresh = await this.#renew?.().catch(() => undefined);
    if (!fresh || fresh === stale) return false;
    try {
      this.#memory.pass = await this.#session(fresh, this.#memory.pass);
      this.#token = fresh;
      return true;
    } catch (error) {
      if (Problem.from(error).status !== 401) throw error;
      return false;
    }
  }

  async #session(token: string | undefined, pass: Pass | undefined): Promise<Pass> {
    const response = await fetch(`${this.#origin}/v1/sessions`, { method: "POST", headers: this.#said(token, pass), credentials: "omit" });
    if (!response.ok) throw await Problem.of(response);
    const { token: fresh, expires } = (await response.json()) as Pass;
    return { token: fresh, expires };
  }

  #said(token: string | undefined, pass: Pass | undefined): Record<string, string> {
    const headers: Record<string, string> = {};
    if (token) headers["authorization"] = `Bearer ${token}`;
    if (pass) headers["patchbay-visitor"] = pass.token;
    return headers;
  }

  /** Several requests may need a pass at the same time; one asks for it. */
  #once(ask: () => Promise<void>): Promise<void> {
    this.#asking ??= ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }
}
