// Whether one is there or away: the same at all one's screens, as the server has it.

import { Problem } from "../../wire/problem.ts";
import { post } from "../wire/api.ts";
import { plain, say } from "../words/words.svelte.ts";
import { notify } from "./announce.svelte.ts";
import { hear } from "./live.svelte.ts";
import { me } from "./me.svelte.ts";

let said = $state<boolean | null>(null);

export const availability = {
  get away() {
    return said ?? me.known?.away ?? false;
  },
};

export async function setAway(away: boolean): Promise<void> {
  try {
    await post("/v1/desk/availability", { away });
    said = away;
    notify(away ? say().you.wentAway : say().you.cameBack);
  } catch (error) {
    notify(plain(Problem.from(error)), { bad: true });
  }
}

export function startAvailability(): void {
  hear("availability", ({ away }) => (said = away));
}
