// One customer's conversation: folds its stream, sends its messages, and finds it again after a reload.
// After a reload the whole stream is folded anew: one way to a view, and nothing on the screen that the log does not hold.

import { Api } from "../wire/api.ts";
import { Identity } from "../wire/identity.ts";
import { Problem } from "../wire/problem.ts";
import { backoff, Stream } from "../wire/stream.ts";
import type { FileRules, LiveEvent, Passage, Proposal, Rating, SentFile } from "../wire/types.ts";
import { above, EMPTY, fold, type Item, type View } from "./fold.ts";
import { Memory } from "./memory.ts";
import { Outbox } from "./outbox.ts";

/** A hidden page gives its connection back after this time: browsers allow few to one server. */
const HIDDEN = 30_000;
const DECIDE_TRIES = 4;
/** A successor may have ended as well, but hardly that many in a row. */
const SUCCESSORS = 8;

export interface ConversationListener {
  /** What to show changed. `news` is false while an old conversation is being read back. */
  changed(view: View, news: boolean): void;
  /** Something new happened, as opposed to read back. */
  happened(event: LiveEvent): void;
  connected(yes: boolean): void;
  failed(problem: Problem): void;
}

export interface ConversationOptions {
  origin: string;
  channel: string;
  token: string | undefined;
  renew: (() => Promise<string | undefined>) | undefined;
  /** The language the conversation is opened in. */
  language: string;
}

export class Conversation {
  readonly #language: string;
  readonly #memory: Memory;
  readonly #identity: Identity;
  readonly #api: Api;
  readonly #listener: ConversationListener;
  #outbox: Outbox;
  #view: View = EMPTY;
  /** What was said on this page in conversations that this one follows. */
  #past: Item[] = [];
  #stream: Stream | undefined;
  /** What lies at or before this place was said before this page was opened. */
  #known = 0;
  /** The last place folded. */
  #place = 0;
  #news = false;
  #scheduled = false;
  #opening: Promise<string> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConversationOptions, listener: ConversationListener) {
    this.#language = options.language;
    this.#listener = listener;
    this.#memory = new Memory(options.origin, options.channel);
    this.#identity = new Identity(options.origin, this.#memory, options.token, options.renew);
    this.#identity.onRefused = (problem) => listener.failed(problem);
    this.#api = new Api(options.origin, this.#identity);
    this.#outbox = this.#newOutbox();
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#visible);
    if (this.#memory.conversation) void this.#resume(this.#memory.conversation);
    if (this.#outbox.busy) void this.#outbox.flush();
  }

  /** The customer says something, or picks a choice. */
  say(text: string, picked?: string, files?: SentFile[]): void {
    this.#outbox.add(text, picked, files);
  }

  retry(key: string): void {
    this.#outbox.retry(key);
  }

  /** The customer decides about a card. Throws the `Problem` when the decision did not count. */
  async decide(proposal: Proposal, yes: boolean): Promise<void> {
    const conversation = this.#memory.conversation;
    if (!conversation) return;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#api.decide(conversation, proposal.id, yes, proposal.digest);
      } catch (error) {
        const problem = Problem.from(error);
        // The first try may have reached the server although its answer did not reach us.
        if (failures > 1 && problem.code === "confirmation_used") return;
        if (!problem.passing || failures === DECIDE_TRIES) throw problem;
        await new Promise((done) => setTimeout(done, problem.wait ?? backoff(failures)));
      }
    }
  }

  /** Which files are taken. */
  fileRules(): Promise<FileRules> {
    return this.#api.fileRules();
  }

  /** Sends a file ahead of its message. Throws the `Problem` when it is not taken. */
  async attach(file: File, progress: (part: number) => void, signal: AbortSignal): Promise<SentFile> {
    return this.#inOne((conversation) => this.#api.upload(conversation, file, progress, signal));
  }

  /** The bytes of a file that was sent. */
  async file(file: string): Promise<Blob> {
    return this.#api.file(this.#memory.conversation ?? "", file);
  }

  /** The customer wants a person. Throws the `Problem` when it could not be asked for. */
  async askPerson(): Promise<void> {
    await this.#inOne((conversation) => this.#api.askPerson(conversation));
  }

  /** Throws the `Problem` when the rating did not count. */
  async rate(rating: Rating): Promise<void> {
    if (this.#memory.conversation) await this.#api.rate(this.#memory.conversation, rating);
  }

  /** What an answer was taken from. */
  passage(id: string): Promise<Passage> {
    return this.#api.passage(id);
  }

  /** The page signed its customer in or out: ask again who may see what. */
  identify(token: string | undefined): void {
    this.#identity.use(token);
    const conversation = this.#memory.conversation;
    this.#unfollow();
    if (conversation) void this.#resume(conversation);
  }

  /** Forgets everything and begins anew. */
  reset(): void {
    this.#outbox.stop();
    this.#drop();
    this.#memory.forget();
    this.#outbox = this.#newOutbox();
    this.#show(true);
  }

  /** Ends; what was said stays on the server and in the browser's memory. */
  stop(): void {
    this.#outbox.stop();
    this.#unfollow();
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#visible);
    clearTimeout(this.#hiding);
  }

  #newOutbox(): Outbox {
    return new Outbox(
      this.#memory,
      (message) => this.#inOne((conversation) => this.#api.send(conversation, message)),
      (problem) => {
        if (problem) this.#listener.failed(problem);
        this.#show(true);
      },
    );
  }

  async #inOne<T>(act: (conversation: string) => Promise<T>, again = SUCCESSORS): Promise<T> {
    const conversation = await this.#opened();
    try {
      return await act(conversation);
    } catch (error) {
      const problem = Problem.from(error);
      const ended = problem.code === "conversation_closed";
      if (!again || !(problem.lost || ended)) throw problem;
      // Ended: it goes on in another one. Gone or somebody else's: the customer still wants an answer, so a new one is opened.
      if (ended && problem.successor) await this.#move(conversation, problem.successor);
      else this.#drop();
      return this.#inOne(act, ended ? again - 1 : 0);
    }
  }

  /** Goes on in the conversation that follows this one. What was said stays on the screen, above what comes. */
  async #move(from: string, to: string): Promise<void> {
    // Another message may have moved it already.
    if (this.#memory.conversation !== from) return;
    this.#unfollow();
    if (this.#view.items.length) this.#past = [...this.#past, ...above(this.#view.items, from, new Date().toISOString())];
    this.#view = EMPTY;
    this.#place = 0;
    this.#memory.conversation = to;
    this.#show(true);
    await this.#resume(to);
  }

  /** The conversation; a new one where there is none. Two that want one at the same time get the same. */
  #opened(): Promise<string> {
    const { conversation } = this.#memory;
    if (conversation) return Promise.resolve(conversation);
    return (this.#opening ??= this.#open().finally(() => (this.#opening = undefined)));
  }

  async #open(): Promise<string> {
    // What an earlier conversation left on the screen is not part of this one.
    this.#drop();
    const conversation = await this.#api.open(this.#language);
    this.#memory.conversation = conversation;
    this.#known = 0;
    this.#follow(conversation);
    return conversation;
  }

  /** Takes up a conversation of an earlier page. */
  async #resume(conversation: string): Promise<void> {
    try {
      const { seq, ended } = await this.#api.standing(conversation);
      if (ended?.successor && this.#memory.conversation === conversation) return this.#move(conversation, ended.successor);
      this.#known = seq;
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.lost) return this.#drop();
      // Anything else the stream meets too, and it knows how to wait.
    }
    if (this.#memory.conversation === conversation) this.#follow(conversation);
  }

  #follow(conversation: string): void {
    this.#stream?.stop();
    this.#stream = new Stream(this.#api, conversation, this.#place, {
      event: (event) => this.#take(event),
      connected: (yes) => this.#listener.connected(yes),
      lost: (problem) => {
        if (problem.lost) this.#drop();
        else if (problem.code === "cursor_invalid") this.#again(conversation);
        else this.#listener.failed(problem);
      },
    });
  }

  /** The server does not know our place, so what we folded may be wrong: from the beginning. */
  #again(conversation: string): void {
    if (this.#place === 0) return;
    this.#view = EMPTY;
    this.#place = 0;
    this.#follow(conversation);
  }

  #unfollow(): void {
    this.#stream?.stop();
    this.#stream = undefined;
    // What is not followed cannot be cut off.
    this.#listener.connected(true);
  }

  #drop(): void {
    this.#unfollow();
    this.#memory.conversation = undefined;
    this.#view = EMPTY;
    this.#past = [];
    this.#place = 0;
    this.#show(true);
  }

  #take(event: LiveEvent): void {
    this.#view = fold(this.#view, event);
    if (event.seq !== null) this.#place = event.seq;
    if (event.kind === "message") this.#outbox.arrived(event.client);
    const news = event.seq === null || event.seq > this.#known;
    if (news) this.#listener.happened(event);
    this.#show(news);
    const { conversation } = this.#memory;
    // What was read back may have been undone since; where the conversation stands now was asked before.
    if (news && event.kind === "ended" && event.successor && conversation) void this.#move(conversation, event.successor);
  }

  /** One redraw for everything that came together. */
  #show(news: boolean): void {
    this.#news ||= news;
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      const items: Item[] = [...this.#past, ...this.#view.items, ...this.#outbox.items().filter((item) => !this.#has(item.key))];
      this.#scheduled = false;
      this.#listener.changed({ ...this.#view, items }, this.#news);
      this.#news = false;
    });
  }

  #has(key: string): boolean {
    return [...this.#past, ...this.#view.items].some((item) => item.key === key);
  }

  #online = (): void => {
    this.#stream?.hurry();
    this.#outbox.hurry();
  };

  #visible = (): void => {
    clearTimeout(this.#hiding);
    const conversation = this.#memory.conversation;
    if (document.visibilityState === "visible") {
      if (conversation && !this.#stream) this.#follow(conversation);
      return;
    }
    // Whoever waits for a person is to hear of it in a hidden page too.
    const rest = () => {
      if (this.#view.state === "bot" || this.#view.state === "resolved") this.#unfollow();
    };
    this.#hiding = setTimeout(rest, HIDDEN);
  };
}
