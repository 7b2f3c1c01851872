// The loader: one small script that pages name. It shows the launcher and fetches the rest when it is wanted or the page is idle.
//
//   <script src="https://support.example/widget.js" data-channel="web" async></script>
//
// Calls made before it is here wait in a list: (window.Patchbay = window.Patchbay || []).push(["ask", "where is my order?"])

import type { Options } from "../contract.ts";
import { type Call, Widget } from "./widget.ts";

const script = document.currentScript as HTMLScriptElement | null;
const page = window as unknown as { Patchbay?: Widget | Call[] };

// Pages that swap their body run their scripts again; the widget that is here already stays.
if (!(page.Patchbay instanceof Object) || Array.isArray(page.Patchbay)) {
  const waiting = page.Patchbay ?? [];
  const widget = new Widget(script ? new URL(script.src).origin : location.origin, script?.nonce ?? "");
  page.Patchbay = widget;
  if (script?.dataset["channel"]) widget.boot(options(script.dataset));
  for (const waited of waiting) widget.push(waited);
}

/** The settings in the script tag's `data-` attributes. */
function options({ suggestions, ...data }: DOMStringMap): Partial<Options> {
  const listed = suggestions ? { suggestions: suggestions.split("|") } : {};
  return { ...data, ...listed } as Partial<Options>;
}
