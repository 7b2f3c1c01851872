// Work that nobody waits for: done when the browser has nothing better to do, and soon in any case.

const AT_THE_LATEST = 400;
/** Where the browser does not say when it is idle. */
const A_MOMENT = 60;

/** Gives how to call it off. */
export function later(work: () => void): () => void {
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(work, A_MOMENT);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: AT_THE_LATEST });
  return () => cancelIdleCallback(handle);
}
