// The widget's element on the page, and in its shadow the button that opens the panel.

import type { Options } from "../contract.ts";
import css from "./launcher.css";

/** The button's name, here because the languages are fetched later. Where none stands it is “Chat”. */
const NAMES: Record<string, string> = { ja: "チャット", ar: "محادثة" };
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];
const SPEECH = "M4 5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5v9a1.5 1.5 0 0 1-1.5 1.5H11l-4.5 4v-4h-1A1.5 1.5 0 0 1 4 14.5z";
const CHEVRON = "M6 10l6 6 6-6";
const SVG = "http://www.w3.org/2000/svg";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

class PatchbayWidget extends HTMLElement {}

export class Launcher {
  readonly root: ShadowRoot;
  /** The language that is spoken: the nearest we have to the one wished. */
  language = "en";
  #host: HTMLElement;
  #button = document.createElement("button");
  #badge = document.createElement("span");
  #path = document.createElementNS(SVG, "path");
  #colours = new CSSStyleSheet();
  #stay: MutationObserver;

  constructor(options: Options, toggle: () => void, wanted: () => void) {
    if (!customElements.get("patchbay-widget")) customElements.define("patchbay-widget", PatchbayWidget);
    this.#host = document.createElement("patchbay-widget");
    this.root = this.#host.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet, this.#colours];
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.ariaHidden = "true";
    svg.append(this.#path);
    this.#button.type = "button";
    this.#button.className = "launcher";
    this.#badge.className = "badge";
    this.#badge.hidden = true;
    this.#button.append(svg, this.#badge);
    this.#button.addEventListener("click", toggle);
    for (const sign of ["pointerenter", "focus"]) this.#button.addEventListener(sign, wanted, { once: true });
    this.root.append(this.#button);
    this.dress(options);
    this.opened(false);
    // Client-side navigation replaces the page's body; the widget moves to the new one.
    this.#stay = new MutationObserver(() => this.#attach());
    this.#attach();
  }

  /** Puts on language, direction, theme and colour. */
  dress({ locale, theme, accent: colour }: Options): void {
    const wished = locale || document.documentElement.lang || navigator.language;
    const base = wished.toLowerCase().split("-")[0] ?? "";
    this.language = base in FILES.languages ? base : "en";
    this.#button.ariaLabel = NAMES[base] ?? "Chat";
    this.#host.dir = RIGHT_TO_LEFT.includes(this.language) ? "rtl" : "ltr";
    this.#host.lang = this.language;
    this.#host.dataset["theme"] = theme ?? "auto";
    // As it is for now; the panel corrects its contrast.
    this.#colours.replaceSync(/^#[0-9a-f]{6}$/i.test(colour ?? "") ? `:host{--accent-light:${colour};--accent-dark:${colour}}` : "");
  }

  opened(open: boolean): void {
    this.#button.ariaExpanded = String(open);
    this.#path.setAttribute("d", open ? CHEVRON : SPEECH);
    this.#host.classList.toggle("open", open);
  }

  unread(count: number): void {
    this.#badge.hidden = count === 0;
    this.#badge.textContent = count > 9 ? "9+" : String(count);
  }

  hidden(yes: boolean): void {
    this.#host.hidden = yes;
  }

  focus(): void {
    this.#button.focus();
  }

  remove(): void {
    this.#stay.disconnect();
    this.#host.remove();
  }

  #attach(): void {
    const { body, documentElement } = document;
    this.#stay.disconnect();
    if (body && this.#host.parentNode !== body) body.append(this.#host);
    this.#stay.observe(documentElement, { childList: true });
    if (body) this.#stay.observe(body, { childList: true });
  }
}
