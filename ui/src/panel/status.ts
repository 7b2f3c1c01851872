// What is going on besides the conversation: the connection and failures above it, the reply being made below it.

import type { Strings } from "../languages/strings.ts";
import { el } from "./elements.ts";

/** A short gap in the connection is nobody's business. */
const PATIENCE = 1_500;
const COMPLAINT_STAYS = 8_000;
/** When nothing came by then, the customer is told that it is being worked on. */
const THINKING_AFTER = 1_000;

/** The strip under the head: offline, reconnecting, or what went wrong. */
export class Strip {
  readonly element = el("p", { class: "strip", role: "status" });
  #strings: Strings;
  #connected = true;
  #complaint = "";
  #patience: ReturnType<typeof setTimeout> | undefined;
  #over: ReturnType<typeof setTimeout> | undefined;

  constructor(strings: Strings) {
    this.#strings = strings;
    addEventListener("online", this.#draw);
    addEventListener("offline", this.#draw);
    this.#draw();
  }

  connected(yes: boolean): void {
    clearTimeout(this.#patience);
    const apply = (): void => {
      this.#connected = yes;
      this.#draw();
    };
    if (yes) apply();
    else this.#patience = setTimeout(apply, PATIENCE);
  }

  /** Says something for a while. */
  say(text: string): void {
    this.#complaint = text;
    this.#draw();
    clearTimeout(this.#over);
    this.#over = setTimeout(() => this.say(""), COMPLAINT_STAYS);
  }

  stop(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#over);
    removeEventListener("online", this.#draw);
    removeEventListener("offline", this.#draw);
  }

  #draw = (): void => {
    const { offline, reconnecting } = this.#strings;
    const text = !navigator.onLine ? offline : this.#complaint || (this.#connected ? "" : reconnecting);
    if (this.element.textContent !== text) this.element.textContent = text;
  };
}

/** The line at the end of the transcript while a reply is being made. */
export class Progress {
  readonly element: HTMLElement;
  #words = el("span");
  #thinking: string;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(strings: Strings) {
    this.#thinking = strings.thinking;
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, [el("i"), el("i"), el("i")]);
    this.element = el("div", { class: "progress" }, [dots, this.#words]);
    this.#words.setAttribute("role", "status");
  }

  /** `undefined` when nothing is being done, else what, in words or not. */
  show(working: string | undefined): void {
    this.element.classList.toggle("on", working !== undefined);
    if (working) {
      this.#write(working);
    } else if (working === undefined) {
      this.#write("");
    } else {
      this.#later ??= setTimeout(() => this.#write(this.#thinking), THINKING_AFTER);
    }
  }

  #write(text: string): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    if (this.#words.textContent !== text) this.#words.textContent = text;
  }
}
