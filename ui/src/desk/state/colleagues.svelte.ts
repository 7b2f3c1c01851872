// Who works at the desk, as it was when somebody last wanted to know.

import { get } from "../wire/api.ts";
import type { Colleague, Colleagues } from "../wire/types.ts";
import { mentionsIn } from "../thread/mentions.ts";

let known = $state.raw<Colleagues>({ data: [], queues: [] });

export const colleagues = {
  get all(): Colleague[] {
    return known.data;
  },
  get queues() {
    return known.queues;
  },
};

export async function readColleagues(): Promise<void> {
  known = await get<Colleagues>("/v1/desk/colleagues");
}

/** The ids of those whom a note calls. */
export function called(text: string): string[] {
  return mentionsIn(text, known.data).map(({ id }) => id);
}
