// Who is signed in here.

import { get, onSignedOut, post } from "../wire/api.ts";
import type { Me } from "../wire/types.ts";

let known = $state.raw<Me | null>(null);
let over = $state(false);

export const me = {
  get id() {
    return known?.id ?? "";
  },
  get name() {
    return known?.name ?? "";
  },
  get known() {
    return known;
  },
  /** The session has ended; what was written is still here. */
  get over() {
    return over;
  },
  has(roles: string[]): boolean {
    return known?.roles.some((role) => roles.includes(role)) ?? false;
  },
};

export function sessionEnded(): void {
  over = true;
}
onSignedOut(sessionEnded);

export async function recognise(): Promise<Me> {
  known = await get<Me>("/v1/staff/me");
  over = false;
  return known;
}

export async function signOut(): Promise<void> {
  await post("/v1/staff/sign-out");
  location.assign("/start");
}
