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

/** Where in line a customer who waits for a person is, and when people are there at all. What is not known is `null` or left out. */
export interface Waiting {
  position?: number | null | undefined;
  expected_wait_s?: number | null | undefined;
  /** Is anybody at work now? */
  open?: boolean | null | undefined;
  opens_at?: string | null | undefined;
}

/** A rating: of one answer with a thumb (1 or 0), or of the whole with 1 to 5. */
export interface Rating {
  kind: "helpful" | "csat";
  turn?: string;
  score: number;
  reason?: string;
}

/** A passage of the company's knowledge. */
export interface Passage {
  title: string;
  text: string;
}

/** A file that was sent with a message. */
export interface SentFile {
  file: string;
  name: string;
  type: string;
  size: number;
  width: number | null;
  height: number | null;
  /** Can a browser show it? */
  shown: boolean;
}

/** Which files are taken. */
export interface FileRules {
  endings?: string[];
  largest: number;
}

/** What happened, by the name of its kind. */
export type Happening =
  | { kind: "message"; message: string; client: string | null; by: "customer" | "agent"; name?: string | null; text: string; masked: string[]; files?: SentFile[] }
  | { kind: "part"; turn: string; part: number; text: string; facts: Fact[]; citations: { id: string; title: string }[] }
  | { kind: "progress"; text: string }
  | { kind: "question"; turn: string; question: Question }
  | { kind: "proposal"; turn: string; proposal: Proposal }
  | { kind: "action"; action: string; state: ActionStep; verified: boolean | null }
  | { kind: "closed"; turn: string; status: string; refusal: string | null }
  | { kind: "cut"; turn: string }
  | ({ kind: "state"; state: ConversationState; by?: string | null } & Waiting)
  /** Nothing more happens here; a merged conversation goes on in another one, a closed one does once the customer writes again. */
  | { kind: "ended"; why: "closed" | "merged"; successor: string | null }
  | { kind: "survey" }
  | { kind: "rated"; rating: "helpful" | "csat"; turn: string | null; score: number };

/** An event of the stream. One without a place is not sent again after a reconnect. */
export type LiveEvent = Happening & { seq: number | null; at: string };

/** What is known of a conversation before it is followed. */
export interface Standing {
  /** What comes after this place is news. */
  seq: number;
  ended?: { why: "closed" | "merged"; successor: string | null } | null;
}

/** A visitor's pass. */
export interface Pass {
  token: string;
  expires: string;
}
