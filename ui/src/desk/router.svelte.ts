// The address bar as state: which screen, of what, with which filters. Back and forward work by themselves.

import { findScreen, type Found } from "./screens.ts";

function read(): { found: Found; query: URLSearchParams; path: string } {
  return { found: findScreen(location.pathname), query: new URLSearchParams(location.search), path: location.pathname };
}

let now = $state.raw(read());

/** Where we are. */
export const place = {
  get screen() {
    return now.found.screen;
  },
  /** What the path names: `{conversation}`, `{turn}`. */
  get params() {
    return now.found.params;
  },
  get query() {
    return now.query;
  },
  get path() {
    return now.path;
  },
};

/** Goes to an address of the desk. */
export function go(to: string, { replace = false } = {}): void {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  now = read();
}

/** The same place with other filters; `null` takes one away. A line of a conversation is no filter: it belongs to that one alone. */
export function withQuery(changes: Record<string, string | null>, path = now.path): string {
  const query = new URLSearchParams(now.query);
  if (path !== now.path) query.delete("at");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Links within the desk do not load a page. */
function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname !== "/desk" && !link.pathname.startsWith("/desk/")) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

export function startRouter(): void {
  addEventListener("popstate", () => (now = read()));
  document.addEventListener("click", follow);
}
