// A question with its choices as buttons, as long as it is the one to be answered.

import type { Item } from "../conversation/fold.ts";
import { bubble, type Shown } from "./bubble.ts";
import { el } from "./elements.ts";
import type { Surroundings } from "./surroundings.ts";

type Asked = Extract<Item, { kind: "question" }>;

export function question(first: Asked, around: Surroundings): Shown {
  const { strings, conversation, refocus } = around;
  const buttons = first.question.choices.map(({ value, label }) => {
    const pick = (): void => {
      refocus();
      conversation.say(label, value);
      choices.remove();
    };
    return el("button", { type: "button", class: "choice", dir: "auto" }, [label], { click: pick });
  });
  const choices = el("div", { class: "choices", role: "group", "aria-label": strings.choices }, buttons);
  const element = el("div", { class: "row theirs" }, [bubble(strings.assistant, first.question.text)]);
  const update = (item: Item): void => {
    if (item.kind !== "question") return;
    if (item.open && buttons.length) element.append(choices);
    else choices.remove();
  };
  update(first);
  return { element, update };
}
