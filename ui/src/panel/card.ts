// The confirm card: what will happen to what, a yes and a no, and afterwards what became of it.

import type { Item } from "../conversation/fold.ts";
import { Problem } from "../wire/problem.ts";
import type { Shown } from "./bubble.ts";
import { el, icon } from "./elements.ts";
import { plain, type Surroundings } from "./surroundings.ts";
import { beside, rows } from "./values.ts";

type Proposed = Extract<Item, { kind: "proposal" }>;

/** Longer lists help nobody to decide. */
const MOST_DETAILS = 10;
/** Browsers count longer waits from the beginning again. */
const LONGEST_TIMER = 2 ** 31 - 1;
const TICK = "M5 12.5l4.5 4.5L19 7.5";

export function card(first: Proposed, around: Surroundings): Shown {
  const { strings, clock, conversation } = around;
  const { proposal } = first;
  let item = first;
  let deciding = false;
  /** Why a decision can no longer be made, as a problem's code. */
  let over = "";

  const title = `card-${proposal.id}`;
  const yes = el("button", { type: "button", class: "primary" }, [strings.yes], { click: () => void decide(true) });
  const no = el("button", { type: "button", class: "secondary" }, [strings.no], { click: () => void decide(false) });
  const actions = el("div", { class: "actions" }, [yes, no]);
  const result = el("p", { class: "result" });
  const given = beside(proposal.effect, proposal.args, strings.tag);
  const seen = [...given.folded, ...rows(proposal.object, strings.tag).slice(0, MOST_DETAILS)];
  const element = el("section", { class: "card", role: "group", "aria-labelledby": title }, [
    el("p", { class: "eyebrow" }, [strings.confirm]),
    el("h3", { id: title, dir: "auto" }, [proposal.effect]),
    given.open.length > 0 && table(given.open),
    seen.length > 0 && el("details", {}, [el("summary", {}, [strings.details]), table(seen)]),
    actions,
    result,
  ]);

  async function decide(positive: boolean): Promise<void> {
    if (deciding || over) return;
    deciding = true;
    draw();
    try {
      await conversation.decide(proposal, positive);
    } catch (error) {
      const problem = Problem.from(error);
      deciding = false;
      if (!problem.passing) over = problem.code;
      around.complain(problem);
      draw();
    }
  }

  const draw = (): void => {
    const expired = item.step === "open" && clock.now() >= Date.parse(proposal.expires);
    const open = item.step === "open" && !over && !expired;
    if (!open && actions.contains(focused(actions))) around.refocus();
    actions.hidden = !open;
    for (const button of [yes, no]) button.setAttribute("aria-disabled", String(deciding));
    const verified = item.step === "done" && item.verified;
    element.dataset["step"] = open ? "open" : item.step === "open" ? "over" : item.step;
    result.classList.toggle("verified", verified);
    const said = item.step !== "open" ? strings.step[verified ? "verified" : item.step] : over ? plain(strings, over) : "";
    const text = said || (expired ? strings.step.expired : deciding ? strings.step.deciding : "");
    if (result.textContent !== text) result.replaceChildren(...(item.step === "done" ? [icon(TICK), text] : [text]));
  };

  const left = Date.parse(proposal.expires) - clock.now();
  if (first.step === "open" && left > 0 && left < LONGEST_TIMER) setTimeout(draw, left + 50);
  draw();
  return {
    element,
    update: (next) => {
      if (next.kind !== "proposal") return;
      item = next;
      draw();
    },
  };
}

/** What has the keyboard inside the shadow tree that holds this element. */
function focused(element: HTMLElement): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.activeElement : null;
}

function table(lines: [string, string][]): HTMLElement {
  const list = lines.map(([name, value]) => el("div", {}, [el("dt", {}, [name]), el("dd", { dir: "auto" }, [value])]));
  return el("dl", {}, list);
}
