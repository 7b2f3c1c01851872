// The page of a start link: one press uses it, and the desk opens.

import { Problem } from "../wire/problem.ts";
import { post } from "./wire/api.ts";
import { english } from "./words/en.ts";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/start.css";

const words = english.start;
const token = new URLSearchParams(location.search).get("t");
const [go, said, help] = ["go", "said", "help"].map((id) => document.getElementById(id)) as [HTMLButtonElement, HTMLElement, HTMLElement];

/** How to come by a link. */
function explain(first: string): void {
  go.hidden = true;
  said.textContent = first;
  const how = document.createElement("p");
  how.textContent = words.how;
  const command = document.createElement("pre");
  command.textContent = words.command;
  const demo = document.createElement("p");
  demo.textContent = words.demo;
  help.replaceChildren(how, command, demo);
  help.hidden = false;
}

async function start(): Promise<void> {
  go.disabled = true;
  said.textContent = words.opening;
  try {
    await post("/v1/staff/start", { token });
    location.replace("/desk");
  } catch (error) {
    const problem = Problem.from(error);
    if (problem.code === "start_link_used" || problem.status === 410) return explain(words.used);
    said.textContent = english.problems[problem.code] ?? (problem.message || english.problem);
    go.disabled = false;
    go.textContent = english.retry;
  }
}

if (token) {
  // Not left in the history for whoever comes next.
  history.replaceState(null, "", "/start");
  said.textContent = words.ready;
  go.textContent = words.go;
  go.hidden = false;
  go.addEventListener("click", () => void start());
  go.focus();
} else explain(words.need);
