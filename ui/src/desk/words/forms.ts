// Forms for times and numbers, each made once: making one takes a hundred times as long as using it.

const dates = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const spans = new Map<string, Intl.RelativeTimeFormat>();

function once<T>(made: Map<string, T>, tag: string, options: object, make: () => T): T {
  const name = tag + JSON.stringify(options);
  const known = made.get(name) ?? make();
  made.set(name, known);
  return known;
}

export function dateForm(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(dates, tag, options, () => new Intl.DateTimeFormat(tag, options));
}

export function numberForm(tag: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return once(numbers, tag, options, () => new Intl.NumberFormat(tag, options));
}

export function spanForm(tag: string): Intl.RelativeTimeFormat {
  return once(spans, tag, {}, () => new Intl.RelativeTimeFormat(tag, { style: "narrow", numeric: "auto" }));
}
