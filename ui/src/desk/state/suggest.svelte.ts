// Actions that the brief suggests and the customer's cards offer: one names it, the other opens it.

import { SvelteSet } from "svelte/reactivity";

let wish = $state.raw<{ tool: string; n: number } | null>(null);
let count = 0;

export const suggested = {
  get now() {
    return wish;
  },
  /** The tools of all actions that cards offer just now. */
  offered: new SvelteSet<string>(),
};

export function suggest(tool: string): void {
  wish = { tool, n: ++count };
}
