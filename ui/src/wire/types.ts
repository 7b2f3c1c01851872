// The wire as the server's OpenAPI document declares it: events of the live stream and the objects in them.

export type ConversationState = "bot" | "waiting" | "open" | "snoozed" | "resolved";

export interface Fact {
  name: string;
  source: string;
  fetched_at: string;
  class: string;
}

export interface Choice {
  value: string;
  label: string;
}

export interface Question {
  slot: string;
  kind: string;
  text: string;
  choices: Choice[];
}

export interface Proposal {
  id: string;
  tool: string;
  args: Record<string, unknown>;
  object: unknown;
  effect: string;
  expires: string;
  digest: string;
}

export type ActionStep = "confirmed" | "cancelled" | "sent" | "done" | "failed" | "unknown";

/** What happened, by the name of its kind. */
export type Happening =
  | { kind: "message"; message: string; client: string | null; by: "customer" | "agent"; text: string; masked: string[] }
  | { kind: "part"; turn: string; part: number; text: string; facts: Fact[]; citations: { id: string; title: string }[] }
  | { kind: "progress"; text: string }
  | { kind: "question"; turn: string; question: Question }
  | { kind: "proposal"; turn: string; proposal: Proposal }
  | { kind: "action"; action: string; state: ActionStep; verified: boolean | null }
  | { kind: "closed"; turn: string; status: string; refusal: string | null }
  | { kind: "cut"; turn: string }
  | { kind: "state"; state: ConversationState };

/** An event of the stream. One without a place is not sent again after a reconnect. */
export type LiveEvent = Happening & { seq: number | null; at: string };

/** A visitor's pass. */
export interface Pass {
  token: string;
  expires: string;
}
