// The panel: head, transcript, composer and foot, and how the keyboard moves among them.

import type { Panel, Stage } from "../contract.ts";
import { Conversation } from "../conversation/conversation.ts";
import { EMPTY, type View } from "../conversation/fold.ts";
import { Problem } from "../wire/problem.ts";
import type { LiveEvent, SentFile } from "../wire/types.ts";
import { accent } from "./accent.ts";
import { ServerClock } from "./age.ts";
import { Composer } from "./composer.ts";
import { el, icon } from "./elements.ts";
import { place } from "./line.ts";
import css from "./panel.css";
import { Reader } from "./passage.ts";
import { Progress, Strip } from "./status.ts";
import { plain, type Surroundings } from "./surroundings.ts";
import transcriptCss from "./transcript.css";
import { Transcript } from "./transcript.ts";
import { makeWay } from "./way.ts";
import { Welcome } from "./welcome.ts";

const AGES_TICK = 2_000;
/** How far from the end, in pixels, somebody still counts as reading the end. */
const NEAR_END = 80;
/** What stays free above what a long answer begins with, in pixels. */
const AIR = 12;
const SURE_FOR = 4_000;
const CROSS = "M6 6l12 12M18 6L6 18";
const ANEW = "M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5";
const DOWN = "M6 10l6 6 6-6";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css + transcriptCss);
const phone = matchMedia("(max-width: 480px)");

export class ChatPanel implements Panel {
  readonly #stage: Stage;
  readonly #conversation: Conversation;
  readonly #around: Surroundings;
  readonly #root: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #transcript: Transcript;
  readonly #reader: Reader;
  readonly #welcome: Welcome;
  readonly #progress: Progress;
  readonly #strip: Strip;
  readonly #composer: Composer;
  readonly #state = el("span", { class: "who" });
  readonly #anew: HTMLButtonElement;
  readonly #down: HTMLButtonElement;
  readonly #ticking: ReturnType<typeof setInterval>;
  readonly #endWay: () => void;
  readonly #sheets: CSSStyleSheet[];
  #view: View = EMPTY;
  #open = false;
  #unread = 0;
  /** A person is being asked for. */
  #asking = false;
  #sure: ReturnType<typeof setTimeout> | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { strings, options, root } = stage;
    const colours = new CSSStyleSheet();
    colours.replaceSync(accent(options.accent ?? ""));
    this.#sheets = [sheet, colours];
    root.adoptedStyleSheets.push(...this.#sheets);
    const clock = new ServerClock();
    const { origin, channel, token, renew } = options;
    this.#conversation = new Conversation(
      { origin, channel, token, renew, language: strings.tag },
      {
        changed: (view, news) => this.#render(view, news),
        happened: (event) => this.#happened(event, clock),
        connected: (yes) => this.#strip.connected(yes),
        failed: (problem) => this.#complain(problem),
      },
    );
    const around: Surroundings = {
      strings,
      clock,
      conversation: this.#conversation,
      complain: (problem) => this.#complain(problem),
      read: (id, title, from) => void this.#reader.open(id, title, from, around),
      refocus: () => this.#composer.focus(),
    };
    this.#around = around;
    this.#transcript = new Transcript(around);
    this.#reader = new Reader(strings.back);
    this.#welcome = new Welcome(options.greeting ?? strings.greeting, options.suggestions ?? [], (text) => this.#say(text));
    this.#progress = new Progress(strings);
    this.#strip = new Strip(strings);
    this.#composer = new Composer(strings, this.#conversation, (text, files) => this.#say(text, files));
    this.#anew = this.#button("icon", strings.startOver, ANEW, () => this.#startOver());
    this.#down = this.#button("down", strings.newMessages, DOWN, () => this.#toEnd());
    this.#scroller = el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": strings.transcript }, [
      this.#welcome.element,
      this.#transcript.element,
      this.#progress.element,
    ]);
    this.#root = this.#build();
    root.append(this.#root);
    const launcher = root.querySelector<HTMLElement>(".launcher");
    this.#endWay = launcher ? makeWay(launcher, root.host) : () => {};
    phone.addEventListener("change", this.#reshape);
    this.#reshape();
    this.#ticking = setInterval(() => this.#open && this.#transcript.tick(), AGES_TICK);
    this.#render(EMPTY, false);
  }

  open(focus: boolean): void {
    this.#open = true;
    this.#root.hidden = false;
    this.#count(0);
    this.#composer.fit();
    this.#transcript.tick();
    this.#toEnd();
    if (focus) this.#composer.focus();
  }

  close(): void {
    this.#open = false;
    this.#root.hidden = true;
  }

  ask(text: string): void {
    this.#say(text);
  }

  identify(token: string | undefined): void {
    this.#conversation.identify(token);
  }

  reset(): void {
    this.#conversation.reset();
    this.#composer.clear();
  }

  shutdown(): void {
    clearInterval(this.#ticking);
    this.#conversation.stop();
    this.#strip.stop();
    phone.removeEventListener("change", this.#reshape);
    this.#endWay();
    this.#root.remove();
    const { root } = this.#stage;
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => !this.#sheets.includes(one));
  }

  #build(): HTMLElement {
    const { strings, options, closed } = this.#stage;
    const title = el("h2", { id: "title", dir: "auto" }, [options.title ?? strings.title]);
    const head = el("div", { class: "head" }, [
      el("div", { class: "name" }, [title, this.#state]),
      this.#anew,
      this.#button("icon", strings.close, CROSS, closed),
    ]);
    const person = el("button", { type: "button", class: "link" }, [strings.talkToPerson], { click: () => void this.#askForPerson() });
    const privacy = options.privacy && el("a", { class: "link", href: options.privacy, target: "_blank", rel: "noopener" }, [strings.privacy]);
    const foot = el("div", { class: "feet" }, [person, privacy || undefined]);
    const body = el("div", { class: "body" }, [this.#scroller, this.#down, this.#reader.element]);
    return el("div", { class: "panel", role: "dialog", "aria-labelledby": "title", lang: strings.tag, hidden: true }, [head, this.#strip.element, body, this.#composer.element, foot], {
      keydown: (event) => this.#key(event),
      dragover: (event) => this.#drag(event, true),
      dragleave: (event) => this.#drag(event, false),
      drop: (event) => this.#drop(event),
    });
  }

  #button(kind: string, name: string, path: string, act: () => void): HTMLButtonElement {
    return el("button", { type: "button", class: kind, "aria-label": name, title: name }, [icon(path)], { click: act });
  }

  #render(view: View, news: boolean): void {
    const atEnd = this.#atEnd();
    const mine = view.items.length > this.#view.items.length && isMine(view);
    const before = this.#view.items.length;
    const grown = view.items.length > before;
    this.#view = view;
    const empty = view.items.length === 0;
    this.#welcome.offer(empty);
    this.#anew.hidden = empty;
    this.#root.dataset["state"] = view.state;
    this.#state.textContent = this.#who(view);
    this.#transcript.render(view.items, news);
    this.#progress.show(view.working);
    if (atEnd || mine) this.#follow(grown ? this.#transcript.element.children[before] : undefined);
    else if (grown && news) this.#down.hidden = false;
  }

  #happened(event: LiveEvent, clock: ServerClock): void {
    clock.heard(event.at);
    const { emit } = this.#stage;
    if (event.kind === "message") emit("message", { by: event.by, text: event.text });
    if (event.kind === "part") emit("message", { by: "bot", text: event.text });
    if (event.kind === "state" && event.seq !== null && (event.state === "waiting" || event.state === "open")) emit("handoff", { state: event.state });
    if (event.kind === "state" && event.state === "resolved") emit("resolved", undefined);
    const theirs = event.kind === "part" || event.kind === "question" || event.kind === "proposal" || (event.kind === "message" && event.by === "agent");
    if (theirs && !this.#open) this.#count(this.#unread + 1);
  }

  #count(unread: number): void {
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#stage.emit("unread", { count: unread });
  }

  #say(text: string, files?: SentFile[]): void {
    if (this.#open) this.#composer.focus();
    this.#conversation.say(text, undefined, files);
  }

  /** Who has the conversation, and for whoever waits, where in line they are. */
  #who(view: View): string {
    const { strings } = this.#around;
    const line = view.waiting && place(view.waiting, strings);
    return line ? `${strings.state.waiting} · ${line}` : strings.state[view.state];
  }

  /** By its own address, which needs no mind; where it cannot be reached just now, as a message, which is kept until it is sent. */
  async #askForPerson(): Promise<void> {
    const { strings } = this.#around;
    if (this.#view.state === "waiting" || this.#view.state === "open") return this.#strip.say(strings.personAsked);
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#conversation.askPerson();
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.passing || problem.lost) this.#say(strings.wantPerson);
      else this.#complain(problem);
    }
    this.#asking = false;
  }

  /** Twice within a moment, because the way back is not offered. */
  #startOver(): void {
    const { strings } = this.#around;
    if (this.#sure) {
      clearTimeout(this.#sure);
      this.#sure = undefined;
      this.#strip.say("");
      this.reset();
      this.#composer.focus();
      return;
    }
    this.#strip.say(strings.startOverSure);
    this.#sure = setTimeout(() => (this.#sure = undefined), SURE_FOR);
  }

  #complain(problem: Problem): void {
    this.#strip.say(plain(this.#around.strings, problem.code));
    this.#stage.emit("error", { code: problem.code, detail: problem.message });
  }

  #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** Shows what has come from here on: its end, or where it begins when it is longer than the panel. */
  #follow(first: Element | undefined): void {
    this.#toEnd();
    const above = first ? this.#scroller.getBoundingClientRect().top - first.getBoundingClientRect().top : 0;
    if (above > 0) this.#scroller.scrollTop -= above + AIR;
  }

  #toEnd(): void {
    this.#down.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Files over the panel: it says that they may be dropped here. */
  #drag(event: DragEvent, over: boolean): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#root.classList.toggle("over", over);
  }

  #drop(event: DragEvent): void {
    this.#drag(event, false);
    if (this.#composer.take(event.dataTransfer?.files)) this.#composer.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#stage.closed();
    } else if (event.key === "Tab" && phone.matches) {
      this.#trap(event);
    }
  }

  /** Full screen there is nothing else to reach, so Tab goes round. */
  #trap(event: KeyboardEvent): void {
    const all = [...this.#root.querySelectorAll<HTMLElement>("button, a[href], input, textarea, summary, [tabindex='0']")];
    const reachable = all.filter((element) => element.checkVisibility());
    const [first, last] = [reachable[0], reachable.at(-1)];
    const at = this.#stage.root.activeElement;
    if (event.shiftKey ? at === first : at === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  #reshape = (): void => {
    if (phone.matches) this.#root.setAttribute("aria-modal", "true");
    else this.#root.removeAttribute("aria-modal");
  };
}

function isMine(view: View): boolean {
  const last = view.items.at(-1);
  return last?.kind === "message" && last.by === "customer";
}
