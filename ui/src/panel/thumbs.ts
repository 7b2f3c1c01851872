// Was the answer helpful? Two thumbs under it; who says no may say why. What was said is in the log, so a reload shows it again.

import { Problem } from "../wire/problem.ts";
import { el, icon } from "./elements.ts";
import type { Surroundings } from "./surroundings.ts";

const UP = "M7 11v9H4v-9zM7 11l4-8a2.5 2.5 0 0 1 2.5 2.5V9H19a2 2 0 0 1 2 2.3l-1 7a2 2 0 0 1-2 1.7H7";
const DOWN = "M7 13V4H4v9zM7 13l4 8a2.5 2.5 0 0 0 2.5-2.5V15H19a2 2 0 0 0 2-2.3l-1-7A2 2 0 0 0 18 4H7";
/** The server's limit, in characters. */
const LONGEST = 1_000;

export class Thumbs {
  readonly element: HTMLElement;
  #around: Surroundings;
  #turn: string;
  #up: HTMLButtonElement;
  #down: HTMLButtonElement;
  #said = el("span", { class: "said", role: "status" });
  #why: HTMLFormElement | undefined;
  #score = 0;

  constructor(turn: string, around: Surroundings) {
    this.#around = around;
    this.#turn = turn;
    const { strings } = around;
    this.#up = this.#thumb(strings.helpful, UP, 1);
    this.#down = this.#thumb(strings.notHelpful, DOWN, -1);
    this.element = el("div", { class: "thumbs", role: "group", "aria-label": strings.wasHelpful, "aria-live": "off" }, [this.#up, this.#down, this.#said]);
  }

  /** What the log says the customer thinks: 1, -1, or 0 for nothing yet. */
  show(score: number): void {
    this.#score = score;
    this.#up.setAttribute("aria-pressed", String(score > 0));
    this.#down.setAttribute("aria-pressed", String(score < 0));
  }

  #thumb(name: string, path: string, score: number): HTMLButtonElement {
    return el("button", { type: "button", class: "thumb", "aria-label": name, title: name, "aria-pressed": "false" }, [icon(path)], { click: () => void this.#rate(score) });
  }

  async #rate(score: number): Promise<void> {
    const before = this.#score;
    if (score === before) return;
    this.show(score);
    this.#why?.remove();
    this.#why = undefined;
    if (!(await this.#send(score))) return this.show(before);
    if (score < 0) this.#ask();
    else this.#said.textContent = this.#around.strings.thanks;
  }

  #ask(): void {
    const { strings } = this.#around;
    this.#said.textContent = "";
    const field = el("input", { type: "text", maxlength: String(LONGEST), "aria-label": strings.whyNot, placeholder: strings.whyNot, dir: "auto" });
    const submit = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      const reason = field.value.trim();
      if (reason && !(await this.#send(-1, reason))) return;
      this.#around.refocus();
      this.#why?.remove();
      this.#said.textContent = strings.thanks;
    };
    this.#why = el("form", { class: "why" }, [field, el("button", { type: "submit", class: "secondary" }, [strings.send])], { submit: (event) => void submit(event) });
    this.element.append(this.#why);
    field.focus();
  }

  async #send(score: number, reason?: string): Promise<boolean> {
    try {
      await this.#around.conversation.rate({ kind: "helpful", turn: this.#turn, score: score > 0 ? 1 : 0, ...(reason && { reason }) });
      return true;
    } catch (error) {
      this.#around.complain(Problem.from(error));
      return false;
    }
  }
}
