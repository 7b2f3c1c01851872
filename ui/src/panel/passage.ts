// A passage of the company's knowledge, opened from the chip under the answer that was taken from it.

import { Problem } from "../wire/problem.ts";
import { el, icon } from "./elements.ts";
import type { Surroundings } from "./surroundings.ts";

const BACK = "M15 6l-6 6 6 6";

/** The place over the transcript where passages are read. */
export class Reader {
  readonly element: HTMLElement;
  #title = el("h3", { id: "passage", dir: "auto" });
  #text = el("div", { class: "text", dir: "auto", tabindex: "0" });
  #back: HTMLButtonElement;
  /** What had the keyboard before. */
  #from: HTMLElement | undefined;

  constructor(name: string) {
    this.#back = el("button", { type: "button", class: "icon back", "aria-label": name, title: name }, [icon(BACK)], { click: () => this.close() });
    const keydown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    };
    const head = el("div", { class: "reading" }, [this.#back, this.#title]);
    this.element = el("section", { class: "reader", "aria-labelledby": "passage", hidden: true }, [head, this.#text], { keydown });
  }

  async open(id: string, title: string, from: HTMLElement, around: Surroundings): Promise<void> {
    try {
      const passage = await around.conversation.passage(id);
      this.#title.textContent = passage.title || title;
      const paragraphs = passage.text.split(/\n{2,}/).map((text) => el("p", { dir: "auto" }, [text]));
      this.#text.replaceChildren(...paragraphs);
      this.#text.scrollTop = 0;
      this.#from = from;
      this.element.hidden = false;
      this.#back.focus({ preventScroll: true });
    } catch (error) {
      around.complain(Problem.from(error));
    }
  }

  close(): void {
    this.element.hidden = true;
    this.#from?.focus({ preventScroll: true });
    this.#from = undefined;
  }
}
