// Where the customer writes. A draft survives until it is sent, also over a change of page.

import type { Strings } from "../languages/strings.ts";
import { el, icon } from "./elements.ts";

/** The server's limit, in characters. */
const LONGEST = 8_000;
const DRAFT = "patchbay:draft";
const PLANE = "M4 12l16-8-6 16-3-7z";

export class Composer {
  readonly element: HTMLFormElement;
  #field: HTMLTextAreaElement;
  #say: (text: string) => void;

  constructor(strings: Strings, say: (text: string) => void) {
    this.#say = say;
    this.#field = el(
      "textarea",
      { rows: "1", maxlength: String(LONGEST), "aria-label": strings.message, placeholder: strings.placeholder, enterkeyhint: "send" },
      [],
      { input: () => this.#changed(), keydown: (event) => this.#key(event) },
    );
    const send = el("button", { type: "submit", class: "send", "aria-label": strings.send }, [icon(PLANE)]);
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      this.#send();
    };
    this.element = el("form", { class: "composer" }, [this.#field, send], { submit });
    this.#field.value = storage()?.getItem(DRAFT) ?? "";
  }

  focus(): void {
    this.#field.focus({ preventScroll: true });
  }

  /** Fits the field to its text; it has no height before it is on the screen. */
  fit(): void {
    this.#field.style.height = "auto";
    const border = this.#field.offsetHeight - this.#field.clientHeight;
    this.#field.style.height = `${this.#field.scrollHeight + border}px`;
    // The direction follows the words; without any, the placeholder reads as the panel does.
    this.#field.dir = this.#field.value ? "auto" : "";
    this.element.classList.toggle("empty", this.#field.value.trim() === "");
  }

  clear(): void {
    this.#field.value = "";
    this.#changed();
  }

  #key(event: KeyboardEvent): void {
    // While a word is being composed (Japanese, Chinese …) Enter chooses it and sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.#field.value.trim();
    this.focus();
    if (!text) return;
    this.clear();
    this.#say(text);
  }

  #changed(): void {
    this.fit();
    const draft = this.#field.value;
    if (draft) storage()?.setItem(DRAFT, draft);
    else storage()?.removeItem(DRAFT);
  }
}

/** The tab's own storage; some browsers forbid it. */
function storage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
