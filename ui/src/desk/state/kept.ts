// What this browser keeps: as JSON, and without complaint where nothing may be kept.

export function load<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`patchbay.desk.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`patchbay.desk.${name}`);
    else localStorage.setItem(`patchbay.desk.${name}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: it lives as long as the page.
  }
}
