// What the loader and the scripts it loads agree on. They are separate scripts, so they meet at one symbol on `window`.

import type { Strings } from "./languages/strings.ts";

/** What a page may say when it boots the widget, and change later with `set`. */
export interface Options {
  /** Where Patchbay is; by default where the loader came from. */
  origin: string;
  /** The channel's name in the company's configuration. */
  channel: string;
  /** The host's signed token for its signed-in customer. */
  token?: string;
  /** Asked for a fresh token when the one there has run out, so that nobody has to load the page again. */
  renew?: () => Promise<string | undefined>;
  /** Language tag; by default the page's, then the browser's. */
  locale?: string;
  theme?: "light" | "dark" | "auto";
  /** Name in the panel's head. */
  title?: string;
  /** First words of an empty conversation. */
  greeting?: string;
  /** Questions offered in an empty conversation. */
  suggestions?: string[];
  /** Address of the privacy notice. */
  privacy?: string;
  /** Brand colour as `#rrggbb`; its contrast is corrected where it is too weak. */
  accent?: string;
}

/** What pages can listen for, with what they are told. */
export interface Events {
  ready: undefined;
  open: undefined;
  close: undefined;
  /** Something was said. */
  message: { by: "customer" | "bot" | "agent"; text: string };
  /** How much was said since the panel was last open. */
  unread: { count: number };
  /** A person was asked for, or has taken over. */
  handoff: { state: "waiting" | "open" };
  resolved: undefined;
  /** Something failed; `code` as in the server's list of problems. */
  error: { code: string; detail: string };
}

/** What the panel is given to stand on. */
export interface Stage {
  root: ShadowRoot;
  options: Options;
  strings: Strings;
  emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void;
  /** The customer closed the panel. */
  closed(): void;
}

/** What the loader may ask of the panel. */
export interface Panel {
  open(focus: boolean): void;
  close(): void;
  ask(text: string): void;
  identify(token: string | undefined): void;
  reset(): void;
  shutdown(): void;
}

/** Where the loaded scripts leave what they bring. */
export interface Registry {
  panel?: (stage: Stage) => Panel;
  english?: Strings;
  languages: Record<string, Strings>;
}

const KEY = Symbol.for("patchbay.registry");

/** The page's one registry. */
export function registry(): Registry {
  const page = window as unknown as Record<symbol, Registry | undefined>;
  return (page[KEY] ??= { languages: {} });
}
