// Keys that this person has set otherwise, or switched off one by one: kept in this browser, the same in every tab.

import { keep, load } from "../state/kept.ts";

/** A key by its place on the keyboard, with what is held. */
export interface Binding {
  code: string;
  alt?: boolean;
  shift?: boolean;
  /** Ctrl, or Cmd on a Mac. */
  main?: boolean;
}

/** `null` is a key that is switched off; what is not there is as it comes. */
type Own = Record<string, Binding | null>;

let own = $state.raw<Own>(read());

function read(): Own {
  const known = load<unknown>("keys", {});
  if (typeof known !== "object" || known === null) return {};
  // What cannot be a key is as if it were not there.
  return Object.fromEntries(Object.entries(known).filter(([, key]) => key === null || typeof key?.code === "string"));
}

function put(next: Own): void {
  own = next;
  keep("keys", Object.keys(next).length ? next : null);
}

export const bindings = {
  /** Has this person decided about it? */
  decided: (name: string): boolean => name in own,
  of: (name: string): Binding | null => own[name] ?? null,
  get any(): boolean {
    return Object.keys(own).length > 0;
  },
};

export function bind(name: string, to: Binding | null): void {
  put({ ...own, [name]: to });
}

/** As it comes: one, or all of them. */
export function unbind(name?: string): void {
  put(name === undefined ? {} : Object.fromEntries(Object.entries(own).filter(([known]) => known !== name)));
}

addEventListener("storage", ({ key }) => {
  if (key === "patchbay.desk.keys" || key === null) own = read();
});
