// A company's colour, made fit to be read on both themes (WCAG 2.2: 4.5 to 1).

const LIGHT_GROUND = 1;
/** Relative luminance of the dark theme's surface (#191c23). */
const DARK_GROUND = 0.0115;
const ENOUGH = 4.5;
/** On a dark ground a colour that is just readable looks muddy. */
const CLEAR = 7;

type Rgb = [number, number, number];

/** The style sheet that sets the colour, for `#rrggbb`; empty for anything else. */
export function accent(colour: string): string {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!found) return "";
  const rgb = found.slice(1).map((hex) => parseInt(hex, 16)) as Rgb;
  const light = readable(rgb, LIGHT_GROUND, darker, ENOUGH);
  const dark = readable(rgb, DARK_GROUND, lighter, CLEAR);
  return `:host{--accent-light:${css(light)};--on-accent-light:${on(light)};--accent-dark:${css(dark)};--on-accent-dark:${on(dark)}}`;
}

/** Darkens or lightens the colour, keeping its hue, until it stands out from the ground. */
export function readable(colour: Rgb, ground: number, change: (part: number) => number, enough: number): Rgb {
  let now = colour;
  for (let step = 0; step < 80 && contrast(luminance(now), ground) < enough; step++) now = now.map(change) as Rgb;
  return now.map(Math.round) as Rgb;
}

export const darker = (part: number): number => part * 0.94;
/** Mostly by multiplying, which keeps the colour full; a little towards white, for parts that are zero. */
export const lighter = (part: number): number => Math.min(255, part * 1.04 + (255 - part) * 0.015);

/** Ratio of two luminances, 1 to 21. */
export function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

export function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function on(colour: Rgb): string {
  return contrast(luminance(colour), 1) >= ENOUGH ? "#fff" : "#14161c";
}

function css(colour: Rgb): string {
  return `rgb(${colour.join(" ")})`;
}
