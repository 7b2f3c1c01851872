// How this person likes the desk: theme, density, keys, sound. The same in every tab.

import { keep, load } from "./kept.ts";

export interface Choices {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  keys: boolean;
  sound: boolean;
}

const USUAL: Choices = { theme: "system", density: "comfortable", keys: true, sound: true };

export const choices: Choices = $state({ ...USUAL, ...load<Partial<Choices>>("choices", {}) });

export function choose<K extends keyof Choices>(name: K, value: Choices[K]): void {
  choices[name] = value;
  keep("choices", $state.snapshot(choices));
  show();
}

function show(): void {
  const root = document.documentElement;
  if (choices.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = choices.theme;
  if (choices.density === "compact") root.dataset.density = "compact";
  else delete root.dataset.density;
}

addEventListener("storage", ({ key }) => {
  if (key !== "patchbay.desk.choices") return;
  Object.assign(choices, USUAL, load<Partial<Choices>>("choices", {}));
  show();
});
