// The shared worker: one stream for all tabs of this browser.

import { Live, type Said } from "./live.ts";

const tabs = new Set<MessagePort>();
let live: Live | undefined;

function say(said: Said): void {
  for (const tab of tabs) tab.postMessage(said);
}

globalThis.addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  tabs.add(port);
  port.onmessage = ({ data }: MessageEvent<"hurry" | "lose" | "bye">) => {
    if (data === "bye") tabs.delete(port);
    else if (data === "lose") live?.lose();
    else live?.hurry();
  };
  if (live) port.postMessage(live.state);
  else live = new Live(say);
});
