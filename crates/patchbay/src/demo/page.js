// The shop's own script: signs its customer in to the chat, as any host page does, and lets buttons ask.

const token = document.querySelector('meta[name="patchbay-token"]')?.content || undefined;
for (const part of document.querySelectorAll("[data-known], [data-unknown]")) part.hidden = "known" in part.dataset !== Boolean(token);
const patchbay = (...call) => {
  // Before the loader is here, calls wait in a list.
  window.Patchbay ??= [];
  if (Array.isArray(window.Patchbay)) window.Patchbay.push(call);
  else window.Patchbay[call[0]](...call.slice(1));
};

patchbay("boot", {
  channel: "web",
  token,
  title: "Halden Home",
  greeting: `Hi${token ? " Mika" : ""}. Ask about your orders, bills or plan.`,
  suggestions: ["where is order 12345?", "what do I owe?", "which plan do I have?"],
  accent: "#2f5d50",
  privacy: "/demo#privacy",
});

// Whoever sits there next shall not read what was said.
document.querySelector('a[href="/demo/signed-out"]')?.addEventListener("click", () => patchbay("reset"));

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => patchbay("ask", button.dataset.ask));
}
