// Where the customer writes. A draft survives until it is sent, also over a change of page.

import type { Conversation } from "../conversation/conversation.ts";
import type { Strings } from "../languages/strings.ts";
import type { SentFile } from "../wire/types.ts";
import { Attach } from "./attach.ts";
import { el, icon } from "./elements.ts";

/** The server's limit, in characters. */
const LONGEST = 8_000;
const DRAFT = "patchbay:draft";
const PLANE = "M4 12l16-8-6 16-3-7z";

export class Composer {
  readonly element: HTMLFormElement;
  #field: HTMLTextAreaElement;
  #say: (text: string, files: SentFile[]) => void;
  #attach: Attach;

  constructor(strings: Strings, conversation: Conversation, say: (text: string, files: SentFile[]) => void) {
    this.#say = say;
    this.#attach = new Attach(strings, conversation, () => this.#changed(), () => this.focus());
    this.#field = el(
      "textarea",
      { rows: "1", maxlength: String(LONGEST), "aria-label": strings.message, placeholder: strings.placeholder, enterkeyhint: "send" },
      [],
      { input: () => this.#changed(), keydown: (event) => this.#key(event), paste: (event) => this.#paste(event) },
    );
    const send = el("button", { type: "submit", class: "send", "aria-label": strings.send }, [icon(PLANE)]);
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      this.#send();
    };
    this.element = el("form", { class: "composer" }, [this.#attach.tray, this.#attach.button, this.#field, send], { submit });
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
    const { busy, files } = this.#attach;
    this.element.classList.toggle("empty", busy || (this.#field.value.trim() === "" && files.length === 0));
  }

  /** Files that were dropped on the panel; says whether there were any. */
  take(files: FileList | null | undefined): boolean {
    return this.#attach.take(files);
  }

  clear(): void {
    this.#attach.clear();
    this.#field.value = "";
    this.#changed();
  }

  #key(event: KeyboardEvent): void {
    // While a word is being composed (Japanese, Chinese …) Enter chooses it and sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  /** A picture from the clipboard; text is pasted as ever. */
  #paste(event: ClipboardEvent): void {
    if (this.#attach.take(event.clipboardData?.files)) event.preventDefault();
  }

  #send(): void {
    const text = this.#field.value.trim();
    const { files, busy } = this.#attach;
    this.focus();
    if (busy || (!text && files.length === 0)) return;
    this.clear();
    this.#say(text, files);
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
