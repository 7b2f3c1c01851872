// The customer API: one method for each address the widget uses.

import type { Identity } from "./identity.ts";
import { Problem } from "./problem.ts";
import type { FileRules, Passage, Rating, SentFile, Standing } from "./types.ts";
import { transfer } from "./transfer.ts";

/** The host's token may be refused, and then the pass. */
const RECOVERIES = 2;

/** A message on its way out; `id` makes sending it twice harmless. */
export interface NewMessage {
  id: string;
  text: string;
  picked?: string;
  /** On the server already. */
  files?: SentFile[];
}

export class Api {
  #origin: string;
  #identity: Identity;

  constructor(origin: string, identity: Identity) {
    this.#origin = origin;
    this.#identity = identity;
  }

  /** Opens a conversation and gives its id. */
  async open(language: string): Promise<string> {
    const response = await this.#request("POST", "/v1/conversations", { body: { language } });
    return ((await response.json()) as { id: string }).id;
  }

  /** How long a conversation is by now, and whether it has ended. */
  async standing(conversation: string): Promise<Standing> {
    const response = await this.#request("GET", at(conversation));
    return (await response.json()) as Standing;
  }

  async send(conversation: string, message: NewMessage): Promise<void> {
    const body = { ...message, ...(message.files && { files: message.files.map(({ file }) => file) }) };
    await this.#request("POST", `${at(conversation)}/messages`, { body });
  }

  /** The customer's yes or no to exactly what the card showed. */
  async decide(conversation: string, action: string, yes: boolean, digest: string): Promise<void> {
    const body = { decision: yes ? "yes" : "no", digest };
    await this.#request("POST", `${at(conversation)}/actions/${encodeURIComponent(action)}`, { body });
  }

  /** The customer wants a person: needs no mind to be understood. */
  async askPerson(conversation: string): Promise<void> {
    await this.#request("POST", `${at(conversation)}/person`);
  }

  /** What the customer thinks of an answer, or of the whole. */
  async rate(conversation: string, rating: Rating): Promise<void> {
    await this.#request("POST", `${at(conversation)}/ratings`, { body: rating });
  }

  /** What an answer was taken from. */
  async passage(id: string): Promise<Passage> {
    const response = await this.#request("GET", `/v1/passages/${encodeURIComponent(id)}`);
    return (await response.json()) as Passage;
  }

  /** Which files are taken. Nobody has to say who they are for it. */
  async fileRules(): Promise<FileRules> {
    const response = await fetch(`${this.#origin}/v1/files`, { credentials: "omit" });
    return (await response.json()) as FileRules;
  }

  /** Sends a file ahead of the message that names it. */
  async upload(conversation: string, file: File, progress: (part: number) => void, signal: AbortSignal, recoveries = RECOVERIES): Promise<SentFile> {
    const headers = await this.#identity.headers();
    const response = await transfer(`${this.#origin}${at(conversation)}/files`, headers, file, progress, signal);
    if (response.ok) return (await response.json()) as SentFile;
    if (response.status === 401 && recoveries > 0) {
      await this.#identity.recover();
      return this.upload(conversation, file, progress, signal, recoveries - 1);
    }
    throw await Problem.of(response);
  }

  /** The bytes of a file that was sent: by a link that is good for whoever asks, for a while. */
  async file(conversation: string, file: string): Promise<Blob> {
    const link = await this.#request("GET", `${at(conversation)}/files/${encodeURIComponent(file)}`);
    const { url } = (await link.json()) as { url: string };
    return (await this.#request("GET", url)).blob();
  }

  /** The live stream after a place. */
  follow(conversation: string, after: number, signal: AbortSignal): Promise<Response> {
    const headers = { accept: "text/event-stream", "last-event-id": String(after) };
    return this.#request("GET", `${at(conversation)}/events`, { headers, signal });
  }

  async #request(method: string, path: string, extra: Extra = {}, recoveries = RECOVERIES): Promise<Response> {
    const headers: Record<string, string> = { ...(await this.#identity.headers()), ...extra.headers };
    const init: RequestInit = { method, headers, credentials: "omit" };
    if (extra.body) {
      headers["content-type"] = "application/json";
      init.body = JSON.stringify(extra.body);
    }
    if (extra.signal) init.signal = extra.signal;
    const response = await fetch(this.#origin + path, init).catch((error: unknown) => {
      throw Problem.from(error);
    });
    if (response.ok) return response;
    if (response.status === 401 && recoveries > 0) {
      await this.#identity.recover();
      return this.#request(method, path, extra, recoveries - 1);
    }
    throw await Problem.of(response);
  }
}

interface Extra {
  body?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

function at(conversation: string): string {
  return `/v1/conversations/${encodeURIComponent(conversation)}`;
}
