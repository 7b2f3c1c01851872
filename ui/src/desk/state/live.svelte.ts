// The live stream for the screens: who wants to hear what, and how the line stands.

import { listen } from "../wire/tab.ts";
import type { LiveEvents } from "../wire/types.ts";
import { heardAt } from "./clock.svelte.ts";
import { sessionEnded } from "./me.svelte.ts";

type Hear<K extends keyof LiveEvents> = (data: LiveEvents[K]) => void;

const ears = new Map<string, Set<(data: never) => void>>();
let state = $state.raw<{ connected: boolean; since: number | null; next: number | null }>({ connected: false, since: null, next: null });

export const line = {
  get connected() {
    return state.connected;
  },
  /** When the line was lost; none while it stands, or before it ever did. */
  get since() {
    return state.since;
  },
};

/** Calls for every event of a name, until what is returned is called. */
export function hear<K extends keyof LiveEvents>(event: K, listener: Hear<K>): () => void {
  const all = ears.get(event) ?? new Set();
  ears.set(event, all);
  all.add(listener as (data: never) => void);
  return () => all.delete(listener as (data: never) => void);
}

function tell(event: string, data: unknown): void {
  for (const listener of ears.get(event) ?? []) (listener as (data: unknown) => void)(data);
}

export function startLive(): void {
  listen((said) => {
    if (said.kind === "state") state = said;
    else if (said.kind === "reset") tell("reset", {});
    else if (said.kind === "signed-out") sessionEnded();
    else {
      if (said.event === "line") heardAt((said.data as LiveEvents["line"]).line.at);
      tell(said.event, said.data);
    }
  });
}
