// Before anything is drawn: the theme and density that were chosen, so that nothing flashes.

try {
  const chosen = JSON.parse(localStorage.getItem("patchbay.desk.choices") ?? "{}") as { theme?: unknown; density?: unknown };
  const root = document.documentElement;
  if (chosen.theme === "light" || chosen.theme === "dark") root.dataset.theme = chosen.theme;
  if (chosen.density === "compact") root.dataset.density = chosen.density;
} catch {
  // Nothing was chosen, or nothing can be kept here: the system's theme is right.
}
