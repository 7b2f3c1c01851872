// The survey once a conversation is finished: one to five stars, and a word about why.

import type { Item } from "../conversation/fold.ts";
import { Problem } from "../wire/problem.ts";
import type { Shown } from "./bubble.ts";
import { el, icon } from "./elements.ts";
import type { Surroundings } from "./surroundings.ts";

type Survey = Extract<Item, { kind: "survey" }>;

const STAR = "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z";
const SCALE = [1, 2, 3, 4, 5];
/** The server's limit, in characters. */
const LONGEST = 1_000;

export function survey(first: Survey, around: Surroundings): Shown {
  const { strings, conversation } = around;
  const id = first.key.replaceAll("/", "-");
  let sending = false;
  const stars = SCALE.map((score) => {
    const input = el("input", { type: "radio", name: id, value: String(score), class: "heard" }, [], { change: () => mark(score) });
    return { score, input, label: el("label", { class: "star" }, [input, icon(STAR), el("span", { class: "heard" }, [strings.stars(score)])]) };
  });
  const reason = el("textarea", { rows: "2", maxlength: String(LONGEST), "aria-label": strings.surveyWhy, placeholder: strings.surveyWhy, dir: "auto" });
  const send = el("button", { type: "submit", class: "primary" }, [strings.send]);
  const more = el("div", { class: "more", hidden: true }, [reason, send]);
  const thanks = el("p", { class: "result", role: "status" });
  const fields = el("fieldset", {}, [el("legend", {}, [strings.survey]), el("div", { class: "stars" }, stars.map(({ label }) => label)), more]);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const score = stars.find(({ input }) => input.checked)?.score;
    if (!score || sending) return;
    sending = true;
    const why = reason.value.trim();
    try {
      await conversation.rate({ kind: "csat", score, ...(why && { reason: why }) });
      around.refocus();
      done(score);
    } catch (error) {
      around.complain(Problem.from(error));
    }
    sending = false;
  };
  const form = el("form", { class: "card survey", "data-step": "open" }, [fields, thanks], { submit: (event) => void submit(event) });

  function mark(score: number): void {
    for (const star of stars) star.label.classList.toggle("lit", star.score <= score);
    more.hidden = false;
    form.scrollIntoView({ block: "nearest" });
  }

  function done(score: number): void {
    mark(score);
    more.hidden = true;
    fields.disabled = true;
    form.dataset["step"] = "over";
    thanks.textContent = strings.thanks;
  }

  const update = (item: Item): void => {
    if (item.kind === "survey" && item.score !== undefined) done(item.score);
  };
  update(first);
  return { element: form, update };
}
