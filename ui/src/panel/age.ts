// How old a reading is, in words that change seldom enough to be calm.

/** The server's time as far as this browser can tell: its own clock may be wrong, and ages must not be. */
export class ServerClock {
  #ahead = Number.POSITIVE_INFINITY;

  /** An event that happened at `at` arrived now. The quickest arrival tells best how far our clock is ahead. */
  heard(at: string, now = Date.now()): void {
    this.#ahead = Math.min(this.#ahead, now - Date.parse(at));
  }

  now(now = Date.now()): number {
    return Number.isFinite(this.#ahead) ? now - this.#ahead : now;
  }
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A number of whole units for `Intl.RelativeTimeFormat`; seconds above ten go in tens. */
export function coarse(ms: number): [number, Intl.RelativeTimeFormatUnit] {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 10) return [seconds, "second"];
  if (seconds < MINUTE) return [seconds - (seconds % 10), "second"];
  if (seconds < HOUR) return [Math.floor(seconds / MINUTE), "minute"];
  if (seconds < DAY) return [Math.floor(seconds / HOUR), "hour"];
  return [Math.floor(seconds / DAY), "day"];
}

/** “4s ago” in the language given. */
export function age(ms: number, language: string): string {
  const [count, unit] = coarse(ms);
  return new Intl.RelativeTimeFormat(language, { style: "narrow", numeric: "auto" }).format(-count, unit);
}
