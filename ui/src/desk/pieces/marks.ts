// Characters one cannot see that change how text is shown: attackers use them to make a text look like another.

const NAMES: Record<string, string> = {
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u061c": "ALM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\u200b": "ZWSP",
  "\u2060": "WJ",
  "\ufeff": "BOM",
  "\u00ad": "SHY",
};
// The zero-width joiners stay: emoji and several scripts need them.
const MARKS = new RegExp(`([${Object.keys(NAMES).join("")}])`, "u");

/** The text in pieces; marks by their names. */
export function pieces(text: string): { text: string; mark: boolean }[] {
  return text
    .split(MARKS)
    .filter((piece) => piece !== "")
    .map((piece) => (piece in NAMES ? { text: NAMES[piece] as string, mark: true } : { text: piece, mark: false }));
}

/** In one line, for lists. */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => (piece.mark ? `[${piece.text}]` : piece.text))
    .join("");
}
