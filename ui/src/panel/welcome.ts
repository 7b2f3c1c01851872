// What an empty conversation shows: a greeting, and questions to begin with.

import { el } from "./elements.ts";

export class Welcome {
  readonly element: HTMLElement;
  #offers: HTMLElement;

  constructor(greeting: string, suggestions: string[], ask: (text: string) => void) {
    const buttons = suggestions.map((text) => el("button", { type: "button", class: "choice", dir: "auto" }, [text], { click: () => ask(text) }));
    this.#offers = el("div", { class: "choices" }, buttons);
    this.element = el("div", { class: "welcome" }, [el("p", { class: "greeting", dir: "auto" }, [greeting]), this.#offers]);
  }

  /** Are there questions to begin with? Once something was said, the greeting alone stays. */
  offer(yes: boolean): void {
    this.#offers.hidden = !yes || !this.#offers.childElementCount;
    this.element.classList.toggle("first", yes);
  }
}
