// What was said: the customer's and agents' messages, and the assistant's parts with the systems they rest on.

import type { Item, Source } from "../conversation/fold.ts";
import { age } from "./age.ts";
import { el, icon } from "./elements.ts";
import { files } from "./file.ts";
import { plain, type Surroundings } from "./surroundings.ts";
import { Thumbs } from "./thumbs.ts";

/** One item on the screen. It is changed in place: a node put in anew would be read out again. */
export interface Shown {
  element: HTMLElement;
  update(item: Item): void;
  /** Time has passed. */
  tick?(): void;
}

type Message = Extract<Item, { kind: "message" }>;
type Part = Extract<Item, { kind: "part" }>;

/** Words with their speaker, who is seen by the side and colour and heard by name. The name does not count for the words' direction. */
export function bubble(speaker: string, text: string): HTMLElement {
  return el("p", { class: "bubble", dir: "auto" }, [el("bdi", { class: "heard" }, [`${speaker}: `]), text]);
}

export function message(first: Message, around: Surroundings): Shown {
  const { strings, conversation, refocus } = around;
  const mine = first.by === "customer";
  const speaker = mine ? strings.you : (first.name ?? strings.person);
  const foot = el("p", { class: "foot", "aria-live": "off" });
  const words = bubble(speaker, first.text);
  words.hidden = !first.text;
  let sent: HTMLElement | undefined;
  let drawn = "";
  const element = el("div", { class: mine ? "row mine" : "row person" }, [!mine && el("p", { class: "by", dir: "auto" }, [speaker]), words, foot]);
  const update = (item: Item): void => {
    if (item.kind !== "message") return;
    const { sending } = item;
    element.classList.toggle("pending", sending?.state === "sending");
    element.classList.toggle("failed", sending?.state === "failed");
    // The server masks numbers of cards and codes: what it kept is what is shown.
    if (words.lastChild && words.lastChild.nodeValue !== item.text) words.lastChild.nodeValue = item.text;
    // A file is fetched once it is there to be fetched.
    const state = item.files?.length ? `${!sending}` : "";
    if (item.files && state !== drawn) {
      const next = files(item.files, !sending, speaker, around);
      if (sent) sent.replaceWith(next);
      else words.after(next);
      sent = next;
      drawn = state;
    }
    foot.replaceChildren();
    if (sending?.state === "failed") {
      const retry = (): void => {
        refocus();
        conversation.retry(item.key);
      };
      const again = el("button", { type: "button", class: "link" }, [strings.retry], { click: retry });
      foot.append(`${strings.notSent} ${plain(strings, sending.code)} `, again);
    }
  };
  update(first);
  return { element, update };
}

const DATABASE = "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zm0 0v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3";
const PAGE = "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6";

export function part(item: Part, around: Surroundings): Shown {
  const { strings, clock } = around;
  const ages: { text: Text; source: Source }[] = [];
  const write = () => {
    for (const { text, source } of ages) {
      const words = age(clock.now() - Date.parse(source.fetchedAt), strings.tag);
      if (text.nodeValue !== words) text.nodeValue = words;
    }
  };
  const chips = item.sources.map((source) => {
    const text = document.createTextNode("");
    ages.push({ text, source });
    const name = source.name.charAt(0).toUpperCase() + source.name.slice(1).replaceAll("_", " ");
    return el("li", { class: "chip" }, [
      icon(DATABASE),
      el("span", { class: "heard" }, [`${strings.source}: `]),
      el("bdi", {}, [name]),
      " · ",
      el("time", { datetime: source.fetchedAt, title: new Date(source.fetchedAt).toLocaleString(strings.tag) }, [text]),
    ]);
  });
  for (const { id, title } of item.citations) {
    const open = (): void => around.read(id, title, button);
    const button = el("button", { type: "button", class: "chip", "aria-label": strings.read(title) }, [icon(PAGE), el("bdi", {}, [title])], { click: open });
    chips.push(el("li", {}, [button]));
  }
  write();
  const list = chips.length > 0 && el("ul", { class: "chips", "aria-live": "off" }, chips);
  const element = el("div", { class: "row theirs" }, [bubble(strings.assistant, item.text), list]);
  let thumbs: Thumbs | undefined;
  const update = (next: Item): void => {
    if (next.kind !== "part") return;
    if (next.rating === undefined) {
      thumbs?.element.remove();
      thumbs = undefined;
      return;
    }
    if (!thumbs) element.append((thumbs = new Thumbs(next.turn, around)).element);
    thumbs.show(next.rating);
  };
  update(item);
  return { element, update, tick: write };
}
