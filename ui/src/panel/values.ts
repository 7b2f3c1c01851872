// Arguments and facts as people read them on a card.

/** A name of the configuration as words: `order_id` is “Order id”. */
export function label(name: string): string {
  const words = name.replaceAll(/[_.-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value as words; none for what has no short form, such as lists of records. */
export function words(value: unknown, language: string): string | undefined {
  if (typeof value === "string") return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll("_", " ") : when(value, language);
  if (typeof value === "number") return value.toLocaleString(language);
  if (Array.isArray(value)) {
    const parts = value.map((one) => words(one, language));
    return parts.length && parts.every((part) => part !== undefined) ? parts.join(", ") : undefined;
  }
  return isMoney(value) ? money(value, language) : undefined;
}

/** The short values of a record, with records inside it laid out flat. */
export function rows(record: unknown, language: string): [string, string][] {
  if (typeof record !== "object" || record === null || Array.isArray(record)) return [];
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    const said = words(value, language);
    return said === undefined ? rows(value, language) : said === "" ? [] : [[label(name), said]];
  });
}

/**
 * What is left to show of a record beside a sentence, and the rest: what the sentence says already, and numbers that only systems know.
 */
export function beside(sentence: string, record: unknown, language: string): { open: [string, string][]; folded: [string, string][] } {
  const open: [string, string][] = [];
  const folded: [string, string][] = [];
  for (const [name, value] of rows(record, language)) (says(sentence, value) || identifies(name) ? folded : open).push([name, value]);
  return { open, folded };
}

/** Does a sentence hold a value, as a word of its own? */
function says(sentence: string, value: string): boolean {
  const escaped = value.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, "iu").test(sentence);
}

/** Is it the name of a number by which systems know something ("Item id", "Sku")? */
function identifies(name: string): boolean {
  return /(^|\s)(ids?|skus?)$/i.test(name);
}

interface Money {
  amount: number;
  currency: string;
}

function isMoney(value: unknown): value is Money {
  const money = value as Partial<Money> | null;
  return typeof money === "object" && money !== null && typeof money.amount === "number" && typeof money.currency === "string";
}

/** Whole minor units of a currency, which has as many decimals as its own rules say. */
function money({ amount, currency }: Money, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A day or a moment on the wire, else the text as it is. */
function when(text: string, language: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return new Date(`${text}T00:00Z`).toLocaleDateString(language, { dateStyle: "medium", timeZone: "UTC" });
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return new Date(text).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return text;
}
