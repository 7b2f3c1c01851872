// What a screen reader says: gathered, and said at most every five seconds. And short notices for everybody.

const EVERY = 5_000;

let spoken = $state("");
let waiting: string[] = [];
let last = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export const announced = {
  get text() {
    return spoken;
  },
};

/** Says it soon, together with whatever else there is to say. */
export function announce(text: string): void {
  waiting.push(text);
  timer ??= setTimeout(say, Math.max(0, last + EVERY - Date.now()));
}

function say(): void {
  timer = undefined;
  last = Date.now();
  spoken = waiting.join(" ");
  waiting = [];
}

export interface Notice {
  id: number;
  text: string;
  bad: boolean;
  /** What can be done about it. */
  act: { label: string; run: () => void } | null;
}

let count = 0;
export const notices = $state<Notice[]>([]);

/** A short notice at the edge of the screen. Bad ones stay until they are put away. */
export function notify(text: string, { bad = false, act = null }: { bad?: boolean; act?: Notice["act"] } = {}): void {
  const id = ++count;
  // The same twice is once.
  const old = notices.findIndex((one) => one.text === text);
  if (old >= 0) notices.splice(old, 1);
  notices.push({ id, text, bad, act });
  if (!bad) setTimeout(() => dismiss(id), act ? 9_000 : 5_000);
}

export function dismiss(id: number): void {
  const place = notices.findIndex((one) => one.id === id);
  if (place >= 0) notices.splice(place, 1);
}
