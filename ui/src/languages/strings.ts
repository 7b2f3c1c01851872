// Every sentence of the widget's own, once for each language.

export interface Strings {
  /** BCP 47 tag, for numbers and ages. */
  tag: string;
  /** Name of the panel where the page gives none. */
  title: string;
  greeting: string;
  close: string;
  startOver: string;
  startOverSure: string;
  transcript: string;
  message: string;
  placeholder: string;
  send: string;
  you: string;
  assistant: string;
  person: string;
  /** What a source's age is read out with. */
  source: string;
  thinking: string;
  talkToPerson: string;
  /** What the button says for the customer. */
  wantPerson: string;
  personAsked: string;
  privacy: string;
  state: { bot: string; waiting: string; open: string; snoozed: string; resolved: string };
  note: { bot: string; waiting: string; open: string; snoozed: string; resolved: string };
  choices: string;
  confirm: string;
  yes: string;
  no: string;
  details: string;
  step: {
    deciding: string;
    confirmed: string;
    cancelled: string;
    sent: string;
    done: string;
    verified: string;
    failed: string;
    unknown: string;
    expired: string;
  };
  notSent: string;
  retry: string;
  newMessages: string;
  reconnecting: string;
  offline: string;
  /** Plain words for the server's problem codes. */
  problems: Record<string, string>;
  problem: string;
}
