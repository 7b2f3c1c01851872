// The transcript: a log that reads out whole items as they come, and nothing while an old conversation is read back.

import type { Item } from "../conversation/fold.ts";
import { message, part, type Shown } from "./bubble.ts";
import { card } from "./card.ts";
import { el } from "./elements.ts";
import { question } from "./question.ts";
import type { Surroundings } from "./surroundings.ts";
import { survey } from "./survey.ts";

/** After this time what was read back is old, and what comes is read out. */
const QUIET = 1_000;

export class Transcript {
  readonly element: HTMLElement;
  #shown = new Map<string, Shown & { item: Item }>();
  #around: Surroundings;
  #loud: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    this.element = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": around.strings.transcript });
  }

  render(items: Item[], news: boolean): void {
    this.#listen(news);
    const keys = new Set(items.map((item) => item.key));
    for (const [key, shown] of this.#shown) {
      if (keys.has(key)) continue;
      shown.element.remove();
      this.#shown.delete(key);
    }
    let before: Element | null = null;
    for (const item of items) {
      const element = this.#place(item);
      const next: Element | null = before ? before.nextElementSibling : this.element.firstElementChild;
      if (next !== element) this.element.insertBefore(element, next);
      before = element;
    }
  }

  /** Time has passed: ages go on. */
  tick(): void {
    for (const shown of this.#shown.values()) shown.tick?.();
  }

  #place(item: Item): HTMLElement {
    const known = this.#shown.get(item.key);
    if (known) {
      if (known.item !== item) known.update(item);
      known.item = item;
      return known.element;
    }
    const shown = this.#draw(item);
    this.#shown.set(item.key, { ...shown, item });
    return shown.element;
  }

  #draw(item: Item): Shown {
    switch (item.kind) {
      case "message":
        return message(item, this.#around);
      case "part":
        return part(item, this.#around);
      case "question":
        return question(item, this.#around);
      case "proposal":
        return card(item, this.#around);
      case "survey":
        return survey(item, this.#around);
      case "note":
        return note(item, this.#around);
    }
  }

  #listen(news: boolean): void {
    clearTimeout(this.#loud);
    this.element.setAttribute("aria-live", news ? "polite" : "off");
    if (!news) this.#loud = setTimeout(() => this.element.setAttribute("aria-live", "polite"), QUIET);
  }
}

function note({ state, by }: Extract<Item, { kind: "note" }>, { strings }: Surroundings): Shown {
  const text = by && state === "open" ? strings.joined(by) : strings.note[state];
  return { element: el("p", { class: "note" }, [el("span", { dir: "auto" }, [text])]), update: () => {} };
}
