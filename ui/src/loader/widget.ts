// What pages call: `window.Patchbay`. Every call works at any time; what needs the panel waits for it.

import { type Events, type Options, type Panel, registry, type Stage } from "../contract.ts";
import { Launcher } from "./launcher.ts";
import { load } from "./load.ts";

const OPEN = "patchbay:open";
const IDLE = 3_000;

type Listener = (detail: unknown) => void;

/** A call as pages write it that do not wait for the script. */
export type Call = [name: string, ...args: unknown[]];

export class Widget {
  #origin: string;
  #nonce: string;
  #options: Options | undefined;
  #launcher: Launcher | undefined;
  #panel: Promise<Panel | undefined> | undefined;
  #token: string | undefined;
  #listeners = new Map<string, Set<Listener>>();
  #open = false;

  constructor(origin: string, nonce: string) {
    this.#origin = origin;
    this.#nonce = nonce;
  }

  /** Makes a call by its name: pages say it the same way before this script is here and after. */
  push([name, ...args]: Call): void {
    const method = (this as unknown as Record<string, unknown>)[name];
    if (typeof method === "function") method.apply(this, args);
    else console.error(`Patchbay has no "${name}"`);
  }

  /** Shows the launcher. Once is enough; a second call changes the settings. */
  boot(options: Partial<Options> = {}): void {
    if (this.#options) return this.set(options);
    this.#options = { origin: this.#origin, channel: "web", ...options };
    if (this.#token) this.#options.token = this.#token;
    this.#launcher = new Launcher(this.#options, () => this.toggle(), () => void this.#ready());
    if (remembered()) void this.#show(false);
    else if ("requestIdleCallback" in window) requestIdleCallback(() => void this.#ready(), { timeout: IDLE });
    else setTimeout(() => void this.#ready(), IDLE);
  }

  /** The host's signed token for its customer; nothing when they signed out. */
  identify(token?: string): void {
    this.#token = token;
    if (token && this.#options) this.#options.token = token;
    else delete this.#options?.token;
    void this.#panel?.then((panel) => panel?.identify(token));
  }

  /** Changes settings. The panel is made anew; the conversation goes on. */
  set(change: Partial<Options>): void {
    if (!this.#options || !this.#launcher) return;
    Object.assign(this.#options, change);
    this.#launcher.dress(this.#options);
    void this.#panel?.then((panel) => panel?.shutdown());
    if (!this.#panel) return;
    this.#panel = undefined;
    void (this.#open ? this.#show(false) : this.#ready());
  }

  open(): void {
    void this.#show(true);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    remember(false);
    void this.#panel?.then((panel) => panel?.close());
    this.#launcher?.opened(false);
    this.#emit("close", undefined);
  }

  toggle(): void {
    if (this.#open) this.close();
    else this.open();
  }

  /** Shows the launcher again after `hide`. */
  show(): void {
    this.#launcher?.hidden(false);
  }

  /** Takes launcher and panel off the page. */
  hide(): void {
    this.close();
    this.#launcher?.hidden(true);
  }

  /** Opens the panel and says this for the customer. */
  ask(text: string): void {
    void this.#show(true).then((panel) => panel?.ask(text));
  }

  /** Forgets the conversation and who this browser was, for whoever sits there next. */
  reset(): void {
    void this.#ready()?.then((panel) => panel?.reset());
  }

  /** Takes everything away; `boot` begins again. */
  shutdown(): void {
    this.close();
    void this.#panel?.then((panel) => panel?.shutdown());
    this.#launcher?.remove();
    this.#panel = this.#launcher = this.#options = undefined;
  }

  /** Listens; gives back what ends it. */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(listener as Listener));
    return () => void all.delete(listener as Listener);
  }

  async #show(focus: boolean): Promise<Panel | undefined> {
    if (!this.#options) return undefined;
    const opening = !this.#open;
    this.#open = true;
    remember(true);
    const panel = await this.#ready();
    if (!panel || !this.#open) return panel;
    this.#launcher?.opened(true);
    panel.open(focus);
    if (opening) this.#emit("open", undefined);
    return panel;
  }

  /** The panel, fetched once; a failed fetch is tried again at the next call. */
  #ready(): Promise<Panel | undefined> | undefined {
    if (!this.#options || !this.#launcher) return undefined;
    return (this.#panel ??= this.#fetch(this.#options, this.#launcher));
  }

  async #fetch(options: Options, launcher: Launcher): Promise<Panel | undefined> {
    try {
      const strings = await load(options.origin, this.#nonce, launcher.language);
      const make = registry().panel;
      if (!make) throw new Error("the panel's script brought no panel");
      const stage: Stage = {
        root: launcher.root,
        options,
        strings,
        emit: (name, detail) => {
          if (name === "unread") launcher.unread((detail as Events["unread"]).count);
          this.#emit(name, detail);
        },
        closed: () => {
          this.close();
          launcher.focus();
        },
      };
      const panel = make(stage);
      this.#emit("ready", undefined);
      return panel;
    } catch (error) {
      this.#panel = undefined;
      this.close();
      this.#emit("error", { code: "offline", detail: String(error) });
      return undefined;
    }
  }

  #emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      // A mistake in the page's listener is not to stop ours.
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    }
  }
}

/** Was the panel open on the page before this one? */
function remembered(): boolean {
  try {
    return sessionStorage.getItem(OPEN) === "1";
  } catch {
    return false;
  }
}

function remember(open: boolean): void {
  try {
    if (open) sessionStorage.setItem(OPEN, "1");
    else sessionStorage.removeItem(OPEN);
  } catch {
    // Storage is forbidden: the panel is closed on the next page.
  }
}
