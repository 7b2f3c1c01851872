// Replies and notes on their way: shown at once, sent with an id of ours so that sending twice is once, kept until they arrived.

import { Problem } from "../../wire/problem.ts";
import type { SentFile } from "../../wire/types.ts";
import { at, post } from "../wire/api.ts";
import type { Line } from "../wire/types.ts";
import { refresh } from "./case.svelte.ts";
import { called } from "./colleagues.svelte.ts";
import { me } from "./me.svelte.ts";

export interface Sending {
  client: string;
  conversation: string;
  kind: "reply" | "note";
  text: string;
  files: SentFile[];
  at: string;
  /** What the thread ended with when it was sent. */
  after: number;
  seq: number | null;
  problem: Problem | null;
}

const TRIES = 5;
export const outbox = $state<Sending[]>([]);

/** Takes it on its way; it is never refused here, only said to have failed. */
export function send(conversation: string, kind: Sending["kind"], text: string, after: number, files: SentFile[] = []): void {
  const one: Sending = { client: crypto.randomUUID(), conversation, kind, text, files, at: new Date().toISOString(), after, seq: null, problem: null };
  outbox.push(one);
  void deliver(one.client);
}

export function retry(client: string): void {
  const one = outbox.find((one) => one.client === client);
  if (one) one.problem = null;
  void deliver(client);
}

export function discard(client: string): void {
  const place = outbox.findIndex((one) => one.client === client);
  if (place >= 0) outbox.splice(place, 1);
}

async function deliver(client: string): Promise<void> {
  for (let n = 0; ; n++) {
    const one = outbox.find((one) => one.client === client);
    if (!one) return;
    try {
      const { seq } = await post<{ seq: number }>(at(one.conversation, one.kind), { text: one.text, client, ...(one.kind === "note" && { mentions: called(one.text) }), ...(one.files.length && { files: one.files.map(({ file }) => file) }) });
      one.seq = seq;
      // The stream usually has it already; if it is broken, we ask.
      setTimeout(() => outbox.some((other) => other.client === client) && void refresh(), 1_500);
      setTimeout(() => discard(client), 20_000);
      return;
    } catch (error) {
      const problem = Problem.from(error);
      if (!problem.passing || n >= TRIES) {
        one.problem = problem;
        return;
      }
      await new Promise((done) => setTimeout(done, problem.wait ?? 700 * 2 ** n));
    }
  }
}

/** Does this line say that the message has arrived? */
export function isOf(one: Sending, line: Line): boolean {
  if (line.data?.client) return line.data.client === one.client;
  if (one.seq !== null) return line.seq === one.seq;
  const mine = line.staff?.id === me.id && line.seq > one.after;
  return mine && line.text === one.text && (line.kind === "note") === (one.kind === "note");
}
