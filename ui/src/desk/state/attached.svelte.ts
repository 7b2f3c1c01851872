// Files an agent is about to send: sent ahead one after another, and taken back before the reply goes.

import { Problem } from "../../wire/problem.ts";
import { transfer } from "../../wire/transfer.ts";
import type { SentFile } from "../../wire/types.ts";
import { at } from "../wire/api.ts";

/** The server's limit for one reply. */
const MOST = 10;

export interface Chosen {
  id: number;
  name: string;
  size: number;
  /** How much of it has come, from 0 to 1. */
  part: number;
  sent: SentFile | null;
  problem: Problem | null;
}

export class Attached {
  list = $state<Chosen[]>([]);
  readonly #files = new Map<number, { file: File; stop: AbortController }>();
  #last = 0;
  #running = false;

  constructor(private readonly conversation: string) {}

  get files(): SentFile[] {
    return this.list.flatMap(({ sent }) => sent ?? []);
  }

  /** Is something still on its way? Then the reply waits. */
  get busy(): boolean {
    return this.list.some(({ sent, problem }) => !sent && !problem);
  }

  /** Takes files in; says whether there were any. */
  take(files: FileList | null | undefined): boolean {
    if (!files?.length) return false;
    for (const file of [...files].slice(0, MOST - this.list.length)) {
      const id = ++this.#last;
      this.#files.set(id, { file, stop: new AbortController() });
      this.list.push({ id, name: file.name, size: file.size, part: 0, sent: null, problem: null });
    }
    void this.#run();
    return true;
  }

  remove(id: number): void {
    this.#files.get(id)?.stop.abort();
    this.#files.delete(id);
    this.list = this.list.filter((one) => one.id !== id);
  }

  clear(): void {
    for (const { id } of this.list) this.remove(id);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#next(); next; next = this.#next()) {
      const one = next;
      const { file, stop } = this.#files.get(one.id) ?? {};
      if (!file || !stop) break;
      try {
        const response = await transfer(at(this.conversation, "files"), { "patchbay-desk": "1" }, file, (part) => (one.part = part), stop.signal);
        if (!response.ok) throw await Problem.of(response);
        one.sent = (await response.json()) as SentFile;
      } catch (error) {
        one.problem = Problem.from(error);
      }
    }
    this.#running = false;
  }

  #next(): Chosen | undefined {
    return this.list.find(({ sent, problem }) => !sent && !problem);
  }
}
