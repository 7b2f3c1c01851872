// Files the customer is about to send: chosen, dropped or pasted, sent ahead one after another, and taken back before the message goes.

import type { Conversation } from "../conversation/conversation.ts";
import type { Strings } from "../languages/strings.ts";
import { Problem } from "../wire/problem.ts";
import type { SentFile } from "../wire/types.ts";
import { el, icon } from "./elements.ts";
import { bytes } from "./file.ts";

/** The server's limit for one message. */
const MOST = 10;
const CLIP = "M20 11.500l-8.200 8.200a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700l-8.400 8.400a1.600 1.600 0 0 1-2.300-2.300l7.600-7.600";
const CROSS = "M7 7l10 10M17 7L7 17";

interface Chosen {
  file: File;
  row: HTMLElement;
  bar: HTMLProgressElement;
  foot: HTMLElement;
  stop: AbortController;
  sent: SentFile | undefined;
  failed: boolean;
}

export class Attach {
  /** What was chosen, above the message field. */
  readonly tray = el("ul", { class: "tray", hidden: true });
  readonly button: HTMLButtonElement;
  #chosen: Chosen[] = [];
  #input = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
  #heard = el("span", { class: "heard", role: "status" });
  #running = false;
  #largest = Infinity;
  #known: Promise<boolean> | undefined;

  constructor(
    private readonly strings: Strings,
    private readonly conversation: Conversation,
    /** What can be sent changed. */
    private readonly changed: () => void,
    /** Gives the keyboard back to the message field. */
    private readonly refocus: () => void,
  ) {
    const { attach } = strings;
    this.tray.setAttribute("aria-label", attach);
    this.button = el("button", { type: "button", class: "icon", "aria-label": attach, title: attach }, [icon(CLIP), this.#input, this.#heard], {
      click: (event) => event.target !== this.#input && void this.#rules().then((some) => some && this.#input.click()),
    });
    this.#input.addEventListener("change", () => {
      this.take(this.#input.files);
      this.#input.value = "";
    });
  }

  /** Are any files taken, and which? Asked once somebody wants to send one: before, nothing is asked of the server. */
  #rules(): Promise<boolean> {
    this.#known ??= this.conversation.fileRules().then(({ endings, largest }) => {
      this.#largest = largest ?? Infinity;
      this.#input.accept = (endings ?? []).map((ending) => `.${ending}`).join();
      this.button.hidden = !endings?.length;
      return !this.button.hidden;
    });
    return this.#known.catch(() => {
      // Without an answer the next try asks again; the server says of each file whether it is taken.
      this.#known = undefined;
      return true;
    });
  }

  /** What is to be sent. */
  get files(): SentFile[] {
    return this.#chosen.flatMap(({ sent }) => sent ?? []);
  }

  /** Is something still on its way? Then the message waits. */
  get busy(): boolean {
    return this.#chosen.some(({ sent, failed }) => !sent && !failed);
  }

  /** Takes files in; says whether there were any. */
  take(files: FileList | null | undefined): boolean {
    if (this.button.hidden || !files?.length) return false;
    // The list is emptied before the rules are known.
    const chosen = [...files];
    void this.#rules().then((some) => {
      if (!some) return;
      for (const file of chosen.slice(0, MOST - this.#chosen.length)) this.#add(file);
      void this.#run();
    });
    return true;
  }

  /** The message has gone, or all is begun anew. */
  clear(): void {
    for (const { stop } of this.#chosen) stop.abort();
    this.#chosen = [];
    this.#show();
  }

  #add(file: File): void {
    const { remove, uploading } = this.strings;
    const bar = el("progress", { max: "1", value: "0", "aria-label": uploading(file.name) });
    const foot = el("span", { class: "size" }, [bytes(file.size, this.strings.tag)]);
    const away = el("button", { type: "button", class: "icon", "aria-label": remove(file.name), title: remove(file.name) }, [icon(CROSS)], {
      click: () => this.#remove(chosen),
    });
    const row = el("li", {}, [el("span", { class: "named" }, [el("bdi", {}, [file.name]), foot, bar]), away]);
    const chosen: Chosen = { file, row, bar, foot, stop: new AbortController(), sent: undefined, failed: false };
    this.#chosen.push(chosen);
    if (file.size > this.#largest) this.#fail(chosen, new Problem("", this.strings.tooLarge(bytes(this.#largest, this.strings.tag))));
    this.#show();
  }

  #remove(chosen: Chosen): void {
    chosen.stop.abort();
    this.#chosen = this.#chosen.filter((other) => other !== chosen);
    this.#show();
    this.refocus();
  }

  /** One after another: a slow line is not shared, and a conversation is opened once. */
  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#next(); next; next = this.#next()) {
      const { file, bar, stop } = next;
      try {
        next.sent = await this.conversation.attach(file, (part) => (bar.value = part), stop.signal);
        bar.remove();
        this.#heard.textContent = this.strings.uploaded(file.name);
      } catch (error) {
        if (!stop.signal.aborted) this.#fail(next, Problem.from(error));
        next.failed = true;
      }
      this.#show();
    }
    this.#running = false;
  }

  #next(): Chosen | undefined {
    return this.#chosen.find(({ sent, failed }) => !sent && !failed);
  }

  /** In the language's own words, else in the server's. */
  #fail(chosen: Chosen, problem: Problem): void {
    const { row, bar, foot } = chosen;
    chosen.failed = true;
    bar.remove();
    row.className = "failed";
    foot.textContent = this.strings.problems[problem.code] ?? (problem.message || this.strings.problem);
    foot.setAttribute("role", "alert");
  }

  #show(): void {
    // Rows that stay are not touched: one of them may have the keyboard.
    const rows = this.#chosen.map(({ row }) => row);
    for (const row of [...this.tray.children]) if (!rows.includes(row as HTMLLIElement)) row.remove();
    this.tray.append(...rows.filter((row) => row.parentNode !== this.tray));
    this.tray.hidden = this.#chosen.length === 0;
    this.changed();
  }
}
