// One clock for every age and countdown on the screen: it moves once a second, and stands still while nobody looks.

let now = $state(Date.now());
/** How far this machine's clock is ahead of the server's, as far as the quickest message tells. */
let ahead = Number.POSITIVE_INFINITY;

export const clock = {
  /** The server's time, in milliseconds. */
  get now() {
    return now - (Number.isFinite(ahead) ? ahead : 0);
  },
};

/** Something that happened at `at` is heard of now. */
export function heardAt(at: string): void {
  const time = Date.parse(at);
  if (Number.isFinite(time)) ahead = Math.min(ahead, Date.now() - time);
}

function tick(): void {
  if (document.visibilityState === "visible") now = Date.now();
}
setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
