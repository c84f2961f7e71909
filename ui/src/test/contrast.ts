import { readFileSync } from "node:fs";

/** A colour scheme of the style sheets. */
export type Scheme = "light" | "dark";

/** Red, green and blue, from 0 to 1. */
export type Rgb = readonly number[];

/** The colour that style sheets give a name in a scheme, through other names; fails where that is not one opaque colour. */
export function colourIn(sheets: readonly string[], scheme: Scheme): (name: string) => Rgb {
  const all = sheets.map((path) => readFileSync(path, "utf8")).join("\n");
  const values = new Map([...all.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]));
  return function colour(name): Rgb {
    const value = values.get(name) ?? "";
    const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
    if (other !== undefined) return colour(other);
    const [, light, dark] = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value) ?? [];
    const hex = scheme === "light" ? light : dark;
    if (hex === undefined) throw new Error(`--${name} is no opaque colour for both schemes: ${value}`);
    return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255);
  };
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How far two colours are from each other, from 1 to 21, as WCAG counts it. */
export function contrast(one: Rgb, other: Rgb): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** Two names of colours, of which one stands on the other. */
export type Pair = readonly [name: string, under: string];

/** The pairs that are nearer to each other than they may be. */
export function tooNear(colour: (name: string) => Rgb, pairs: readonly Pair[], least: number) {
  return pairs
    .map(([one, other]) => ({ one, other, ratio: contrast(colour(one), colour(other)) }))
    .filter(({ ratio }) => !(ratio >= least));
}
