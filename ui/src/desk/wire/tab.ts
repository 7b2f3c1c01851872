// A tab's end of the live stream: through the shared worker, or by itself where there is none.

import { Live, type Said } from "./live.ts";

/** Begins to listen; `hurry` is called by itself when the network is back or the tab is looked at again. */
export function listen(hear: (said: Said) => void): void {
  const { hurry, lose } = connect(hear);
  addEventListener("offline", lose);
  addEventListener("online", hurry);
  addEventListener("pageshow", hurry);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
}

function connect(hear: (said: Said) => void): { hurry: () => void; lose: () => void } {
  if (typeof SharedWorker === "function") {
    try {
      const { port } = new SharedWorker(trusted(LIVE_WORKER), { name: "patchbay-live" });
      port.onmessage = ({ data }: MessageEvent<Said>) => hear(data);
      addEventListener("pagehide", () => port.postMessage("bye"));
      return { hurry: () => port.postMessage("hurry"), lose: () => port.postMessage("lose") };
    } catch {
      // Some browsers forbid workers in private windows.
    }
  }
  const live = new Live(hear);
  return { hurry: () => live.hurry(), lose: () => live.lose() };
}

/** Our own address, said so in the way that the page's content policy asks for. */
function trusted(address: string): URL {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(text: string): unknown } } }).trustedTypes;
  if (!types) return new URL(address, location.href);
  return types.createPolicy("patchbay-desk", { createScriptURL: (text: string) => text }).createScriptURL(address) as URL;
}
