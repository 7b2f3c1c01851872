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
  attach: string;
  remove(name: string): string;
  open(name: string): string;
  save(name: string): string;
  uploading(name: string): string;
  uploaded(name: string): string;
  tooLarge(size: string): string;
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
  note: { bot: string; waiting: string; open: string; snoozed: string; resolved: string; moved: string };
  /** A person's name before what they did. */
  joined(name: string): string;
  /** Where in line somebody is who waits for a person. */
  place(n: number): string;
  about(wait: string): string;
  closed: string;
  closedUntil(time: string): string;
  /** Reading what an answer was taken from. */
  read(title: string): string;
  back: string;
  wasHelpful: string;
  helpful: string;
  notHelpful: string;
  whyNot: string;
  thanks: string;
  survey: string;
  surveyWhy: string;
  stars(n: number): string;
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
