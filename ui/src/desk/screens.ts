// All screens of the desk.
//
// How to add one:
// 1. Make a folder beside this file (`figures/`) with one Svelte component that is the whole screen. It gets no properties:
//    `place.params` and `place.query` (router.svelte.ts) say what to show, `go(withQuery({from: "…"}))` changes a filter, so that
//    every state has an address and "back" works. Put `class="screen"` on its outermost element and begin with an `<h1>`.
// 2. Add it to SCREENS below: a name, the path, a key of `words.screens` (words/en.ts) for its title, the role it needs if it is
//    to stand in the header, and the component.
// 3. Words go to words/en.ts under a key of your own (`figures: {…}`), never into the component. Read them by `say().figures…`.
// 4. Requests: `get`, `post` of wire/api.ts; failures arrive as `Problem`, and `plain(problem)` (words/words.svelte.ts) is the
//    sentence for people. `<Failure {problem} retry={…}/>`, `<Empty>`, `<Loading/>` (pieces/) are how every screen says so.
// 5. Look: only tokens (styles/tokens.css: colours, `--s1…6`, `--t-…`, `--r1…3`) and the classes of styles/base.css (`btn`,
//    `field`, `chip`, `panel`, `over`, `muted`, `mono`, `hidden-text`). Logical properties (`margin-inline-start`), `rem`, no
//    `style="…"` in markup (the content policy forbids it; `style:width={…}` is fine).
// 6. Live: `hear("row", (row) => …)` in an `$effect` (state/live.svelte.ts) gives every event and returns how to stop.
// 7. Build with `node scripts/desk.mjs`; a debug build of the server reads dist/ from disk, so reloading the page is enough.

import type { Component } from "svelte";
import Desk from "./Desk.svelte";
import FiguresScreen from "./figures/FiguresScreen.svelte";
import SearchScreen from "./search/SearchScreen.svelte";
import TraceScreen from "./trace/TraceScreen.svelte";
import TracesScreen from "./trace/TracesScreen.svelte";
import Missing from "./shell/Missing.svelte";

export interface Screen {
  name: string;
  /** Segments in braces are parameters. */
  path: string;
  title: "desk" | "traces" | "trace" | "missing" | "figures" | "search";
  /** In the header, for people with one of these roles; nowhere without. */
  nav?: string[];
  component: Component;
}

export interface Found {
  screen: Screen;
  params: Record<string, string>;
}

const MISSING: Screen = { name: "missing", path: "", title: "missing", component: Missing };

export const SCREENS: Screen[] = [
  { name: "desk", path: "/desk", title: "desk", nav: ["agent", "lead", "engineer", "officer", "admin"], component: Desk },
  { name: "conversation", path: "/desk/c/{conversation}", title: "desk", component: Desk },
  { name: "traces", path: "/desk/traces", title: "traces", nav: ["lead", "engineer", "admin"], component: TracesScreen },
  { name: "figures", path: "/desk/figures", title: "figures", nav: ["lead", "engineer", "admin"], component: FiguresScreen },
  { name: "search", path: "/desk/search", title: "search", nav: ["agent", "lead", "engineer", "officer"], component: SearchScreen },
  { name: "trace", path: "/desk/c/{conversation}/t/{turn}", title: "trace", component: TraceScreen },
];

/** The screen for a path. */
export function findScreen(path: string): Found {
  const parts = path.replace(/\/+$/, "").split("/");
  for (const screen of SCREENS) {
    const pattern = screen.path.split("/");
    if (pattern.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = pattern.every((part, n) => {
      const given = parts[n] ?? "";
      if (!part.startsWith("{")) return part === given;
      params[part.slice(1, -1)] = decodeURIComponent(given);
      return given !== "";
    });
    if (fits) return { screen, params };
  }
  return { screen: MISSING, params: {} };
}
